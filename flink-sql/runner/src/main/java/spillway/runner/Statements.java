package spillway.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Splits a file into statements at its semicolons. {@code BEGIN STATEMENT SET} … {@code END} and
 * {@code EXECUTE STATEMENT SET BEGIN} … {@code END} are understood and change nothing: all INSERTs of a
 * definition are one job anyway.
 */
final class Statements {

    private static final List<List<String>> SET_OPENINGS =
            List.of(List.of("BEGIN", "STATEMENT", "SET"), List.of("EXECUTE", "STATEMENT", "SET", "BEGIN"));

    private Statements() {}

    static List<Statement> split(String file, String text, Problems problems) {
        List<Statement> statements = new ArrayList<>();
        List<SqlToken> current = new ArrayList<>();
        for (SqlToken token : SqlScanner.scan(file, text, problems)) {
            if (token.is(";")) {
                read(file, current, problems).ifPresent(statements::add);
                current = new ArrayList<>();
            } else {
                current.add(token);
            }
        }
        List<SqlToken> rest = current;
        rest.stream().filter(SqlToken::speaks).findFirst().ifPresent(token -> {
            problems.add("sql-unterminated", file, token.line(), "the statement that begins here has no ';' at its end");
            read(file, rest, problems).ifPresent(statements::add);
        });
        return statements;
    }

    private static Optional<Statement> read(String file, List<SqlToken> tokens, Problems problems) {
        List<SqlToken> trimmed = trim(withoutSetOpening(trim(tokens)));
        if (trimmed.isEmpty() || words(trimmed).equals(List.of("END"))) {
            return Optional.empty();
        }
        int line = trimmed.get(0).line();
        Optional<Statement.Kind> kind = kind(words(trimmed));
        if (kind.isEmpty()) {
            problems.add("sql-statement", file, line, "\"" + String.join(" ", words(trimmed).stream().limit(2).toList())
                    + "\" cannot stand in a definition:"
                    + " only SET, CREATE TABLE, CREATE VIEW, CREATE FUNCTION and INSERT INTO can");
        }
        return kind.map(known -> new Statement(known, file, line, trimmed));
    }

    private static Optional<Statement.Kind> kind(List<String> words) {
        List<String> withoutTemporary =
                words.stream().filter(word -> !List.of("TEMPORARY", "SYSTEM").contains(word)).toList();
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
        for (List<String> opening : SET_OPENINGS) {
            if (speaking.size() >= opening.size() && words(tokens).subList(0, opening.size()).equals(opening)) {
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
}
