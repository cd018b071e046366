package spillway.runner;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One statement of a definition's SQL, without its comments before and its semicolon.
 *
 * @param file such as {@code tables/usage.sql}
 * @param line of its first word, from 1
 */
record Statement(Kind kind, String file, int line, List<SqlToken> tokens) {

    /** In the order in which a definition's statements take effect, whatever the order of its files. */
    enum Kind {
        SET,
        CREATE_FUNCTION,
        CREATE_TABLE,
        CREATE_VIEW,
        INSERT
    }

    /** The statement as written. */
    String text() {
        return tokens.stream().map(SqlToken::text).collect(Collectors.joining());
    }
}
