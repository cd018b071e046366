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
    void takesAllowedSettingsOnceAndWithoutTheirQuotes() {
        RenderedApplication application = Definition.of("\"ttl\": {\"type\": \"duration\", \"default\": \"10m\", \"doc\": \"d\"}",
                "SET /* why; */ 'table.exec.state.ttl' = ${ttl}; SET 'table.exec.state.ttl' = '600 s';"
                        + "SET 'pipeline.object-reuse' = 'true'; INSERT INTO t SELECT 1;").render();
        assertEquals(
                List.of(new Settings.Setting("table.exec.state.ttl", "600 s"), new Settings.Setting("pipeline.object-reuse", "true")),
                application.settings());
        assertTrue(application.sql().startsWith("SET 'table.exec.state.ttl' = '600 s';\nSET 'pipeline.object-reuse' = 'true';\n"),
                application.sql());
    }

    @Test
    void refusesSettingsByFileAndLine() {
        String sql = """
                SET 'table.exec.state.tll' = '1 h';
                SET a = b;
                SET 'pipeline.object-reuse' = 'true'; SET 'pipeline.object-reuse' = 'false';
                SET 'table.exec.state.ttl' = 'soon';
                SET 'table.exec.mini-batch.size' = 'it''s';
                SET;
                SET 'pipeline.name' = 'mine';
                SET 'pipeline.jars' = 'https://example.com/code.jar';
                SET 'table.exec.source.idle-timeout' = '1 s';
                SET 'state.backend.type' = 'hashmap';
                INSERT INTO t SELECT 1;
                """;
        assertEquals(
                List.of("1: set-not-allowed", "2: set-form", "3: set-contradiction", "4: set-ill-typed", "5: set-ill-typed", "6: set-form",
                        "7: set-not-allowed", "8: set-not-allowed", "9: set-not-allowed", "10: set-not-allowed"),
                Definition.of("", sql).problems().stream().map(problem -> problem.replace("detections/test.sql:", "")).toList());
        assertTrue(Definition.of("", sql).messages().get(0).contains("did you mean \"table.exec.state.ttl\"?"));
        assertTrue(Definition.of("", sql).messages().get(0).endsWith("; allowed are pipeline.auto-watermark-interval,"
                + " pipeline.generic-types, pipeline.max-parallelism, pipeline.object-reuse, pipeline.operator-chaining.enabled,"
                + " table.exec.async-lookup.buffer-capacity, table.exec.async-lookup.output-mode, table.exec.async-lookup.timeout,"
                + " table.exec.mini-batch.allow-latency, table.exec.mini-batch.enabled, table.exec.mini-batch.size,"
                + " table.exec.sink.not-null-enforcer, table.exec.state.ttl, table.optimizer.agg-phase-strategy,"
                + " table.optimizer.distinct-agg.split.enabled"), Definition.of("", sql).messages().get(0));
        assertTrue(Definition.of("", sql).messages().get(4).contains("\"it's\" is no value"), Definition.of("", sql).messages().get(4));
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
