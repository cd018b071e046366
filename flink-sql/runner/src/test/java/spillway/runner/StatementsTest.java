package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StatementsTest {

    /** What Flink's own parser takes, and the same cut at the same places. */
    static Stream<Arguments> hardCases() {
        return Stream.of(
                of("a semicolon in a literal", "INSERT INTO a SELECT ';' FROM b;", "1 INSERT INTO a SELECT ';' FROM b"),
                of("a doubled quote before one", "INSERT INTO a SELECT 'it''s;';", "1 INSERT INTO a SELECT 'it''s;'"),
                of("a literal of two quotes", "INSERT INTO a SELECT '''';\nINSERT INTO a SELECT '';",
                        "1 INSERT INTO a SELECT ''''", "2 INSERT INTO a SELECT ''"),
                of("a literal that ends with a backslash", "INSERT INTO a SELECT '\\'; INSERT INTO a SELECT 'b';",
                        "1 INSERT INTO a SELECT '\\'", "1 INSERT INTO a SELECT 'b'"),
                of("a literal with C's escapes", "INSERT INTO a SELECT E'it\\'s;\\\\'; INSERT INTO a SELECT 1;",
                        "1 INSERT INTO a SELECT E'it\\'s;\\\\'", "1 INSERT INTO a SELECT 1"),
                of("a literal over two lines", "INSERT INTO a SELECT 'x;\n--;', 1;\nINSERT INTO b SELECT 1;",
                        "1 INSERT INTO a SELECT 'x;\n--;', 1", "3 INSERT INTO b SELECT 1"),
                of("a comment's beginning in a literal", "INSERT INTO a SELECT '/*', '--', '//'; INSERT INTO b SELECT '*/';",
                        "1 INSERT INTO a SELECT '/*', '--', '//'", "1 INSERT INTO b SELECT '*/'"),
                of("back-quotes, doubled too", "INSERT INTO `odd;``name` SELECT `it's` FROM `--`;",
                        "1 INSERT INTO `odd;``name` SELECT `it's` FROM `--`"),
                of("line comments with quotes", "-- it's; `\n// and \"this;\nINSERT INTO a SELECT 1; -- ';",
                        "3 INSERT INTO a SELECT 1"),
                of("a line comment that ends with a carriage return", "-- a;\rINSERT INTO a SELECT 1;", "1 INSERT INTO a SELECT 1"),
                of("a comment at the end without a line break", "INSERT INTO a SELECT 1;\n-- the end;", "1 INSERT INTO a SELECT 1"),
                of("a block comment inside a statement", "INSERT INTO a /* ; ' ` -- */ SELECT 1;",
                        "1 INSERT INTO a /* ; ' ` -- */ SELECT 1"),
                of("comments do not nest", "/* one /* two; */ INSERT INTO a SELECT 1;", "1 INSERT INTO a SELECT 1"),
                of("comments of two, three and many stars", "/**/INSERT INTO a SELECT 1;/***/ /** ; **/INSERT INTO b SELECT 1;/*/ ; */",
                        "1 INSERT INTO a SELECT 1", "1 INSERT INTO b SELECT 1"),
                of("a block comment's beginning in a line comment", "-- /*\nINSERT INTO a SELECT 1; -- */\nINSERT INTO b SELECT 1;",
                        "2 INSERT INTO a SELECT 1", "3 INSERT INTO b SELECT 1"),
                of("a line comment's beginning in a block comment", "/* -- */ INSERT INTO a SELECT 1;", "1 INSERT INTO a SELECT 1"),
                of("a division, a minus of a minus, a product", "INSERT INTO a SELECT 4 / 2, 1 - -1, 2*3;",
                        "1 INSERT INTO a SELECT 4 / 2, 1 - -1, 2*3"),
                of("a hint", "INSERT INTO a SELECT x FROM b /*+ OPTIONS('k' = 'v;*/') */; INSERT INTO c SELECT 1;",
                        "1 INSERT INTO a SELECT x FROM b /*+ OPTIONS('k' = 'v;*/') */", "1 INSERT INTO c SELECT 1"),
                of("a CASE ends with END", "INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM b; INSERT INTO c SELECT 1;",
                        "1 INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM b", "1 INSERT INTO c SELECT 1"),
                of("the last statement without a semicolon", "INSERT INTO a SELECT 1;\nINSERT INTO b SELECT 2 -- here\n",
                        "1 INSERT INTO a SELECT 1", "2 INSERT INTO b SELECT 2"),
                of("a statement set", "BEGIN STATEMENT SET;\nINSERT INTO a SELECT 1;\nINSERT INTO b SELECT 2;\nEND;\nINSERT INTO c SELECT 3;",
                        "2 INSERT INTO a SELECT 1", "3 INSERT INTO b SELECT 2", "5 INSERT INTO c SELECT 3"),
                of("a statement set to execute", "EXECUTE STATEMENT SET /* ; */ BEGIN\nINSERT INTO a SELECT 1;\nINSERT INTO b SELECT 2;\nend",
                        "2 INSERT INTO a SELECT 1", "3 INSERT INTO b SELECT 2"),
                of("a table with computed columns", "CREATE TABLE a (x INT, y AS (x + 1), `AS` STRING COMMENT 'AS;') COMMENT 'AS' WITH ('k' = 'v');",
                        "1 CREATE TABLE a (x INT, y AS (x + 1), `AS` STRING COMMENT 'AS;') COMMENT 'AS' WITH ('k' = 'v')"),
                of("letters beyond ASCII", "INSERT INTO a SELECT 'größer; 🔥' FROM `Maß;`;", "1 INSERT INTO a SELECT 'größer; 🔥' FROM `Maß;`"));
    }

    private static Arguments of(String name, String sql, String... statements) {
        return Arguments.of(name, sql, List.of(statements));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hardCases")
    void endsAStatementOnlyWhereItEnds(String name, String sql, List<String> expected) {
        assertEquals(expected, split(sql).stream().map(statement -> statement.line() + " " + statement.text()).toList());
    }

    /** Flink's parser reads the whole text as one list; what it finds in it must be what we cut out of it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("hardCases")
    void cutsWhereFlinkCuts(String name, String sql, List<String> expected) {
        List<String> whole = FlinkParser.statements(sql);
        assertEquals(expected.size(), whole.size());
        assertEquals(
                whole,
                split(sql).stream().flatMap(statement -> FlinkParser.statements(statement.text()).stream()).toList());
    }

    @Test
    void findsNothingInNothing() {
        assertEquals(List.of(), split(""));
        assertEquals(List.of(), split(" ;; -- ;\n/* ; */ ;"));
    }

    @Test
    void knowsTheKindsOfStatements() {
        assertEquals(
                List.of("SET set 'a' = 'b'", "CREATE_TABLE create table a (b INT)", "CREATE_TABLE CREATE TEMPORARY TABLE a (b INT)",
                        "CREATE_VIEW CREATE VIEW v AS SELECT 1", "CREATE_FUNCTION CREATE TEMPORARY SYSTEM FUNCTION f AS 'x'"),
                split("set 'a' = 'b'; create table a (b INT); CREATE TEMPORARY TABLE a (b INT); CREATE VIEW v AS SELECT 1;"
                        + "CREATE TEMPORARY SYSTEM FUNCTION f AS 'x';").stream()
                        .map(statement -> statement.kind() + " " + statement.text()).toList());
    }

    @Test
    void refusesOtherStatements() {
        assertEquals(List.of("f.sql:1: sql-statement", "f.sql:2: sql-statement", "f.sql:3: sql-statement", "f.sql:4: sql-statement"),
                problems("SELECT 1;\nDROP TABLE a;\nINSERT OVERWRITE a SELECT 1;\nEXECUTE PLAN 'x.json'"));
    }

    @Test
    void refusesATableThatWouldBeAJobOfItsOwn() {
        assertEquals(List.of("f.sql:2: sql-second-job", "f.sql:3: sql-second-job"),
                problems("CREATE TABLE a (x INT, y AS (x + 1));\nCREATE TABLE b WITH ('k' = 'v') AS SELECT 1;\n"
                        + "CREATE TABLE IF NOT EXISTS c AS SELECT 1;"));
    }

    @Test
    void refusesStatementSetsThatDoNotMatch() {
        assertEquals(List.of("f.sql:1: sql-unterminated"), problems("BEGIN STATEMENT SET;\nINSERT INTO a SELECT 1;"));
        assertEquals(List.of("f.sql:2: sql-statement"), problems("INSERT INTO a SELECT 1;\nEND;"));
        assertEquals(List.of("f.sql:2: sql-statement"), problems("BEGIN STATEMENT SET;\nBEGIN STATEMENT SET; INSERT INTO a SELECT 1; END;"));
        assertEquals(List.of("f.sql:2: sql-statement"), problems("BEGIN STATEMENT SET;\nCREATE TABLE a (b INT); END;"));
    }

    @Test
    void saysWhereSomethingThatNeverEndsBegins() {
        assertEquals(List.of("f.sql:2: sql-unterminated"), problems("INSERT INTO a SELECT\n'x;\n"));
        assertEquals(List.of("f.sql:2: sql-unterminated"), problems("INSERT INTO a SELECT\n`x;\n"));
        assertEquals(List.of("f.sql:1: sql-unterminated"), problems("/* x;\n"));
        assertEquals(List.of("f.sql:1: sql-unterminated"), problems("INSERT INTO a SELECT 1; /*/"));
        assertEquals(List.of("f.sql:1: sql-unterminated"), problems("INSERT INTO a SELECT ${x;\n"));
    }

    private static List<Statement> split(String sql) {
        Problems problems = new Problems();
        List<Statement> statements = Statements.split("f.sql", sql, problems);
        problems.throwIfAny();
        return statements;
    }

    private static List<String> problems(String sql) {
        Problems problems = new Problems();
        Statements.split("f.sql", sql, problems);
        assertTrue(problems.found().stream().noneMatch(problem -> problem.message().isBlank()));
        return problems.found().stream().map(problem -> problem.place() + ":" + problem.line() + ": " + problem.code()).toList();
    }
}
