package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementsTest {

    @Test
    void endsAStatementOnlyAtASemicolonThatIsSql() {
        String sql = """
                -- a comment; with ' and `
                INSERT INTO a SELECT ';', 'it''s;', `odd;``name`, x /* ; ' */ FROM b -- ; `
                ; // another; comment
                INSERT INTO c SELECT /*+ OPTIONS('a' = ';') */ 1;
                """;
        assertEquals(
                List.of("INSERT 2 INSERT INTO a SELECT ';', 'it''s;', `odd;``name`, x /* ; ' */ FROM b",
                        "INSERT 4 INSERT INTO c SELECT /*+ OPTIONS('a' = ';') */ 1"),
                split(sql));
    }

    @Test
    void understandsBothFormsOfAStatementSet() {
        assertEquals(List.of("INSERT 2 INSERT INTO a SELECT 1", "INSERT 3 INSERT INTO b SELECT CASE WHEN x THEN 1 END FROM c"),
                split("BEGIN STATEMENT SET;\nINSERT INTO a SELECT 1;\nINSERT INTO b SELECT CASE WHEN x THEN 1 END FROM c;\nEND;"));
        assertEquals(List.of("INSERT 2 INSERT INTO a SELECT 1", "INSERT 3 INSERT INTO b SELECT 2"),
                split("EXECUTE STATEMENT SET /* one */ BEGIN\nINSERT INTO a SELECT 1;\nINSERT INTO b SELECT 2;\nend;"));
    }

    @Test
    void knowsTheKindsOfStatements() {
        assertEquals(
                List.of("SET 1 set 'a' = 'b'", "CREATE_TABLE 1 create table a (b INT)", "CREATE_TABLE 1 CREATE TEMPORARY TABLE a (b INT)",
                        "CREATE_VIEW 1 CREATE VIEW v AS SELECT 1", "CREATE_FUNCTION 1 CREATE TEMPORARY SYSTEM FUNCTION f AS 'x'"),
                split("set 'a' = 'b'; create table a (b INT); CREATE TEMPORARY TABLE a (b INT); CREATE VIEW v AS SELECT 1;"
                        + "CREATE TEMPORARY SYSTEM FUNCTION f AS 'x';"));
    }

    @Test
    void refusesOtherStatements() {
        assertEquals(List.of("f.sql:1: sql-statement", "f.sql:2: sql-statement", "f.sql:3: sql-statement"),
                problems("SELECT 1;\nDROP TABLE a;\nINSERT OVERWRITE a SELECT 1;"));
    }

    @Test
    void saysWhereSomethingThatNeverEndsBegins() {
        assertEquals(List.of("f.sql:2: sql-unterminated"), problems("INSERT INTO a SELECT 1;\nINSERT INTO a SELECT 1\n"));
        assertEquals(List.of("f.sql:2: sql-unterminated", "f.sql:1: sql-unterminated"), problems("INSERT INTO a SELECT\n'x;\n"));
        assertEquals(List.of("f.sql:1: sql-unterminated"), problems("/* x;\n"));
        assertEquals(List.of("f.sql:1: sql-unterminated", "f.sql:1: sql-unterminated"), problems("INSERT INTO a SELECT ${x;\n"));
    }

    private static List<String> split(String sql) {
        Problems problems = new Problems();
        List<Statement> statements = Statements.split("f.sql", sql, problems);
        problems.throwIfAny();
        return statements.stream().map(statement -> statement.kind() + " " + statement.line() + " " + statement.text()).toList();
    }

    private static List<String> problems(String sql) {
        Problems problems = new Problems();
        Statements.split("f.sql", sql, problems);
        return problems.found().stream().map(problem -> problem.place() + ":" + problem.line() + ": " + problem.code()).toList();
    }
}
