package spillway.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Splits a file into statements at its semicolons; the last one may go without. {@code BEGIN STATEMENT SET; … END;}
 * and {@code EXECUTE STATEMENT SET BEGIN … END;} are understood and change nothing: all INSERTs of a definition are
 * one job anyway.
 */
final class Statements {

    private static final List<List<String>> SET_OPENINGS =
            List.of(List.of("BEGIN", "STATEMENT", "SET"), List.of("EXECUTE", "STATEMENT", "SET", "BEGIN"));

    private final String file;
    private final Problems problems;
    private final List<Statement> statements = new ArrayList<>();
    /** Line of the statement set that is open; 0 if none is. */
    private int setOpenedAt;

    private Statements(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    static List<Statement> split(String file, String text, Problems problems) {
        Statements splitting = new Statements(file, problems);
        List<SqlToken> current = new ArrayList<>();
        for (SqlToken token : SqlScanner.scan(file, text, problems)) {
            if (token.is(";")) {
                splitting.take(current);
                current = new ArrayList<>();
            } else {
                current.add(token);
            }
        }
        splitting.take(current);
        if (splitting.setOpenedAt > 0) {
            problems.add("sql-unterminated", file, splitting.setOpenedAt,
                    "a statement set begins here and never ends: close it with END;");
        }
        return splitting.statements;
    }

    private void take(List<SqlToken> tokens) {
        List<SqlToken> whole = trim(tokens);
        List<SqlToken> trimmed = trim(withoutSetOpening(whole));
        if (trimmed.size() < whole.size()) {
            open(whole.get(0).line());
        }
        if (trimmed.isEmpty()) {
            return;
        }
        int line = trimmed.get(0).line();
        List<String> words = words(trimmed);
        if (words.equals(List.of("END"))) {
            close(line);
            return;
        }
        Optional<Statement.Kind> kind = kind(words);
        if (kind.isEmpty()) {
            problems.add("sql-statement", file, line, quoteStart(words) + " cannot stand in a definition:"
                    + " only SET, CREATE TABLE, CREATE VIEW, CREATE FUNCTION and INSERT INTO can");
            return;
        }
        check(kind.get(), trimmed, line);
        statements.add(new Statement(kind.get(), file, line, trimmed));
    }

    private void open(int line) {
        if (setOpenedAt > 0) {
            problems.add("sql-statement", file, line,
                    "a statement set begins inside the one of line " + setOpenedAt + ": end that one with END; first");
        }
        setOpenedAt = line;
    }

    private void close(int line) {
        if (setOpenedAt == 0) {
            problems.add("sql-statement", file, line, "END ends nothing here: no statement set is open");
        }
        setOpenedAt = 0;
    }

    private void check(Statement.Kind kind, List<SqlToken> tokens, int line) {
        if (setOpenedAt > 0 && kind != Statement.Kind.INSERT) {
            problems.add("sql-statement", file, line, quoteStart(words(tokens)) + " stands in the statement set of line "
                    + setOpenedAt + ", where only INSERT INTO can: move it before the set");
        }
        if (kind == Statement.Kind.CREATE_TABLE && takesRowsOfQuery(tokens)) {
            problems.add("sql-second-job", file, line, "CREATE TABLE … AS is a job of its own, but a definition is one job:"
                    + " write CREATE TABLE with its columns, and an INSERT INTO");
        }
    }

    /** Whether an AS follows the table's columns and options; those of its computed columns stand in parentheses. */
    private static boolean takesRowsOfQuery(List<SqlToken> tokens) {
        int depth = 0;
        for (SqlToken token : tokens) {
            if (token.is("(")) {
                depth++;
            } else if (token.is(")")) {
                depth--;
            } else if (depth == 0 && token.is("AS")) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Statement.Kind> kind(List<String> words) {
        List<String> withoutTemporary =
                words.stream().limit(4).filter(word -> !List.of("TEMPORARY", "SYSTEM").contains(word)).toList();
        return switch (String.join(" ", withoutTemporary.stream().limit(2).toList())) {
            case "CREATE TABLE" -> Optional.of(Statement.Kind.CREATE_TABLE);
            case "CREATE VIEW" -> Optional.of(Statement.Kind.CREATE_VIEW);
            case "CREATE FUNCTION" -> Optional.of(Statement.Kind.CREATE_FUNCTION);
            case "INSERT INTO" -> Optional.of(Statement.Kind.INSERT);
            default -> words.get(0).equals("SET") ? Optional.of(Statement.Kind.SET) : Optional.empty();
        };
    }

    private static List<SqlToken> withoutSetOpening(List<SqlToken> tokens) {
        List<SqlToken> speaking = tokens.stream().filter(SqlToken::speaks).toList();
        List<String> words = words(tokens);
        for (List<String> opening : SET_OPENINGS) {
            if (words.size() >= opening.size() && words.subList(0, opening.size()).equals(opening)) {
                SqlToken last = speaking.get(opening.size() - 1);
                return tokens.subList(tokens.indexOf(last) + 1, tokens.size());
            }
        }
        return tokens;
    }

    /** Comments before a statement speak to the reader of the file, not to Flink. */
    private static List<SqlToken> trim(List<SqlToken> tokens) {
        int first = 0;
        int end = tokens.size();
        while (first < end && !tokens.get(first).speaks()) {
            first++;
        }
        while (end > first && !tokens.get(end - 1).speaks()) {
            end--;
        }
        return tokens.subList(first, end);
    }

    private static List<String> words(List<SqlToken> tokens) {
        return tokens.stream().filter(SqlToken::speaks).map(token -> token.text().toUpperCase(Locale.ROOT)).toList();
    }

    private static String quoteStart(List<String> words) {
        return "\"" + String.join(" ", words.stream().limit(2).toList()) + "\"";
    }
}
