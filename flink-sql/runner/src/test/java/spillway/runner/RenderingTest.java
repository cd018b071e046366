package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenderingTest {

    private static final String WINDOW = "\"window\": {\"type\": \"duration\", \"min\": \"1s\", \"max\": \"1h\", \"doc\": \"d\"}";
    private static final String LIMIT = "\"limit\": {\"type\": \"integer\", \"min\": 1, \"max\": 100, \"doc\": \"d\"}";
    private static final String TEXT = "\"text\": {\"type\": \"text\", \"doc\": \"d\"}";
    private static final String LIMITS = "\"limits\": {\"type\": \"map<text, integer>\", \"min\": 1, \"default\": {}, \"doc\": \"d\"}";

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "1s, INTERVAL '00:01' MINUTE TO SECOND, INTERVAL '00:00' MINUTE TO SECOND",
        "119s, INTERVAL '01:59' MINUTE TO SECOND, INTERVAL '01:58' MINUTE TO SECOND",
        "120s, INTERVAL '02:00' MINUTE TO SECOND, INTERVAL '01:59' MINUTE TO SECOND",
        "2m, INTERVAL '02:00' MINUTE TO SECOND, INTERVAL '01:59' MINUTE TO SECOND",
        "1h, INTERVAL '1:00:00' HOUR TO SECOND, INTERVAL '59:59' MINUTE TO SECOND"
    })
    void rendersDurationsAndOneSecondLess(String window, String whole, String less) {
        Definition definition = Definition.of(WINDOW, "INSERT INTO t SELECT ${window}, ${window - 1s};");
        assertEquals("INSERT INTO t SELECT " + whole + ", " + less, definition.given("window", window).sqlOfOne());
    }

    @Test
    void rendersTextsWithTheirQuotesDoubled() {
        Definition definition = Definition.of(TEXT, "INSERT INTO t SELECT ${text};");
        assertEquals("INSERT INTO t SELECT 'it''s; -- ${x}'", definition.given("text", "it's; -- ${x}").sqlOfOne());
    }

    @Test
    void rendersMapsSortedAndAnEmptyMapAsTypedNull() {
        Definition definition = Definition.of(LIMITS, "INSERT INTO t SELECT ${limits}['a'];");
        assertEquals("INSERT INTO t SELECT CAST(NULL AS MAP<STRING, BIGINT>)['a']", definition.sqlOfOne());
        assertEquals("INSERT INTO t SELECT CAST(MAP['a''b', 1, 'b', 2] AS MAP<STRING, BIGINT>)['a']",
                definition.given("limits", "{\"b\":2,\"a'b\":1}").sqlOfOne());
    }

    @Test
    void rendersEveryValueAsTextInOptions() {
        String sql = "CREATE TABLE t (a INT, b AS (${limit})) WITH ('n' = ${limit}, 'd' = ${window}, 't' = ${text}) ;\n"
                + "INSERT INTO t WITH x AS (SELECT ${limit}) SELECT * FROM x;";
        RenderedApplication application = Definition.of(WINDOW + "," + LIMIT + "," + TEXT, sql)
                .given("limit", "5").given("window", "2m").given("text", "x").render();
        assertEquals(
                List.of("CREATE TABLE t (a INT, b AS (5)) WITH ('n' = '5', 'd' = '120 s', 't' = 'x')",
                        "INSERT INTO t WITH x AS (SELECT 5) SELECT * FROM x"),
                application.statements().stream().map(RenderedStatement::sql).toList());
    }

    @Test
    void rendersTextsInTheOptionsOfAHint() {
        assertEquals("INSERT INTO t SELECT a, 5 FROM u /*+ OPTIONS('n' = '5') */ WHERE b = 5",
                Definition.of(LIMIT, "INSERT INTO t SELECT a, ${limit} FROM u /*+ OPTIONS('n' = ${limit}) */ WHERE b = ${limit};")
                        .given("limit", "5").sqlOfOne());
    }

    /** {@code 1 -} and {@code -5} would make {@code 1 --5}: a comment that swallows the rest of the line. */
    @Test
    void keepsANegativeNumberFromBeginningAComment() {
        String integer = "\"n\": {\"type\": \"integer\", \"doc\": \"d\"}";
        assertEquals("INSERT INTO t SELECT 1 -(-5), 2",
                Definition.of(integer, "INSERT INTO t SELECT 1 -${n}, 2;").given("n", "-5").sqlOfOne());
    }

    @Test
    void refusesATextThatWouldBecomeALiteralOfAnotherKind() {
        for (String prefix : List.of("U&", "E", "N", "_UTF8", "X")) {
            assertEquals(List.of("detections/test.sql:1: placeholder-place"),
                    Definition.of(TEXT, "INSERT INTO t SELECT " + prefix + "${text};").given("text", "x").problems(), prefix);
        }
    }

    @Test
    void leavesCommentsAlone() {
        assertEquals("INSERT INTO t SELECT 1 -- ${nothing}\n/* ${of this} */ FROM u",
                Definition.of("", "-- ${before}\nINSERT INTO t SELECT 1 -- ${nothing}\n/* ${of this} */ FROM u;").sqlOfOne());
    }

    @Test
    void namesFileAndLineOfEveryProblemAtOnce() {
        String sql = "INSERT INTO t\nSELECT ${limt}, '${limit}', a${limit},\n${limit - 1s}, ${Limit + 2};";
        assertEquals(
                List.of("detections/test.sql:2: parameter-unknown",
                        "detections/test.sql:2: placeholder-place",
                        "detections/test.sql:2: placeholder-place",
                        "detections/test.sql:3: placeholder-form",
                        "detections/test.sql:3: placeholder-form",
                        "application.json:6: parameter-unused"),
                Definition.of(LIMIT + "\n,\"unused\": {\"type\": \"integer\", \"default\": 1, \"doc\": \"d\"}", sql)
                        .given("limit", "5").problems());
    }

    @Test
    void asksWhetherAnotherNameWasMeant() {
        List<String> messages = Definition.of(LIMIT, "INSERT INTO t SELECT ${limt}, ${limit};").given("limit", "5").messages();
        assertTrue(messages.get(0).endsWith("did you mean \"limit\"?"), messages.toString());
    }

    @Test
    void refusesAMapAsAnOptionAndADurationBelowNothing() {
        String sql = "CREATE TABLE t (a INT) WITH ('m' = ${limits});\nINSERT INTO t SELECT ${window - 2s};";
        assertEquals(
                List.of("detections/test.sql:1: placeholder-place", "detections/test.sql:2: parameter-bounds"),
                Definition.of(LIMITS + "," + WINDOW, sql).given("window", "1s").problems());
    }

    @Test
    void callsAParameterUsedEvenIfItsValueIsAProblem() {
        assertEquals(List.of("given.json:7: parameter-bounds"),
                Definition.of(LIMIT, "INSERT INTO t SELECT ${limit};").given("limit", "0").problems());
    }
}
