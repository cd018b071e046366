package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RenderedApplicationTest {

    @Test
    void putsDeclarationsBeforeWhatStandsOnThem() {
        RenderedApplication application = Definition.of("",
                "INSERT INTO t SELECT a FROM v; CREATE VIEW v AS SELECT 1 AS a; CREATE TABLE t (a INT);").render();
        assertEquals(
                List.of(Statement.Kind.CREATE_TABLE, Statement.Kind.CREATE_VIEW, Statement.Kind.INSERT),
                application.statements().stream().map(RenderedStatement::kind).toList());
    }

    @Test
    void takesOnlyAllowedSettingsAndOneValueEach() {
        RenderedApplication application = Definition.of("",
                "SET 'table.exec.state.ttl' = '10 min'; SET 'table.exec.state.ttl' = '10 min'; INSERT INTO t SELECT 1;").render();
        assertEquals(List.of(new Settings.Setting("table.exec.state.ttl", "10 min")), application.settings());
        assertEquals(
                List.of("detections/test.sql:1: set-not-allowed", "detections/test.sql:2: set-form", "detections/test.sql:3: set-contradiction"),
                Definition.of("", "SET 'table.exec.state.tll' = '1 h';\nSET a = b;\nSET 'pipeline.object-reuse' = 'true';"
                        + " SET 'pipeline.object-reuse' = 'false'; INSERT INTO t SELECT 1;").problems());
    }

    @Test
    void refusesAnApplicationThatWritesNothing() {
        assertEquals(List.of("application.json: insert-missing"), Definition.of("", "CREATE TABLE t (a INT);").problems());
    }

    @Test
    void saysWhereTheJsonBreaks() {
        DefinitionException fault = assertThrows(DefinitionException.class, () ->
                RenderedApplication.render(new Bundle("{\n\"name\": \"a\",\n}", Map.of()), ApplicationProperties.none()));
        assertTrue(fault.getMessage().contains("application.json:3: json-malformed: not JSON"), fault.getMessage());
    }
}
