package spillway.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import spillway.runner.SqlToken.Kind;

/**
 * Cuts SQL text into tokens, so that nothing inside a comment, a literal or a quoted identifier is taken for a
 * statement's end or a placeholder. It knows what Flink's parser takes for a comment: <code>-- …</code>,
 * <code>// …</code> and <code>/* … *&#47;</code> (which ends at its first <code>*&#47;</code>), but not a hint
 * <code>/*+ … *&#47;</code>, which is SQL.
 */
final class SqlScanner {

    private final String place;
    private final String text;
    private final Problems problems;
    private final List<SqlToken> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private boolean inHint;

    private SqlScanner(String place, String text, Problems problems) {
        this.place = place;
        this.text = text;
        this.problems = problems;
    }

    static List<SqlToken> scan(String place, String text, Problems problems) {
        SqlScanner scanner = new SqlScanner(place, text, problems);
        while (scanner.position < text.length()) {
            scanner.next();
        }
        return scanner.tokens;
    }

    private void next() {
        char first = text.charAt(position);
        if (Character.isWhitespace(first)) {
            take(Kind.SPACE, endWhile(Character::isWhitespace));
        } else if (at("--") || at("//")) {
            take(Kind.COMMENT, endWhile(character -> character != '\n' && character != '\r'));
        } else if (at(SqlToken.HINT_BEGIN)) {
            inHint = true;
            take(Kind.SYMBOL, position + SqlToken.HINT_BEGIN.length());
        } else if (inHint && at(SqlToken.HINT_END)) {
            inHint = false;
            take(Kind.SYMBOL, position + SqlToken.HINT_END.length());
        } else if (at("/*")) {
            takeUntil(Kind.COMMENT, "*/", 2, "comment");
        } else if (first == '\'') {
            takeQuoted(Kind.STRING, first, "literal");
        } else if (first == '`' || first == '"') {
            takeQuoted(Kind.QUOTED, first, "quoted identifier");
        } else if (at("${")) {
            takeUntil(Kind.PLACEHOLDER, "}", 2, "placeholder");
        } else if (Character.isJavaIdentifierPart(first) && first != '$') {
            take(Kind.WORD, endWhile(character -> Character.isJavaIdentifierPart(character) && character != '$'));
        } else {
            take(Kind.SYMBOL, position + 1);
        }
    }

    private boolean at(String start) {
        return text.startsWith(start, position);
    }

    private int endWhile(IntPredicate belongs) {
        int end = position;
        while (end < text.length() && belongs.test(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private void takeUntil(Kind kind, String closing, int skip, String what) {
        int end = text.indexOf(closing, position + skip);
        if (end < 0) {
            unterminated(kind, what, closing);
        } else {
            take(kind, end + closing.length());
        }
    }

    /** Inside quotes, a quote is written twice; nothing else is special there, except in {@code E'…'}. */
    private void takeQuoted(Kind kind, char quote, String what) {
        boolean escapes = kind == Kind.STRING && !tokens.isEmpty() && tokens.get(tokens.size() - 1).is("E");
        int end = position + 1;
        while (end < text.length()) {
            if (escapes && text.charAt(end) == '\\') {
                end++;
            } else if (text.charAt(end) == quote) {
                if (end + 1 == text.length() || text.charAt(end + 1) != quote) {
                    take(kind, end + 1);
                    return;
                }
                end++;
            }
            end++;
        }
        unterminated(kind, what, String.valueOf(quote));
    }

    private void unterminated(Kind kind, String what, String closing) {
        problems.add("sql-unterminated", place, line, "a " + what + " begins here and never ends: close it with " + closing);
        take(kind, text.length());
    }

    private void take(Kind kind, int end) {
        String taken = text.substring(position, end);
        tokens.add(new SqlToken(kind, taken, line));
        line += (int) taken.chars().filter(character -> character == '\n').count();
        position = end;
    }
}
