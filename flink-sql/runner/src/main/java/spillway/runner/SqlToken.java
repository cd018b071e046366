package spillway.runner;

/**
 * A piece of SQL text. The texts of a file's tokens, put together, are the file.
 *
 * @param line on which it begins, from 1
 */
record SqlToken(Kind kind, String text, int line) {

    /** A hint is SQL, unlike a comment. Both are one {@link Kind#SYMBOL} each. */
    static final String HINT_BEGIN = "/*+";

    static final String HINT_END = "*/";

    enum Kind {
        SPACE,
        COMMENT,
        /** In single quotes. */
        STRING,
        /** An identifier in back-quotes, or in double quotes. */
        QUOTED,
        /** A keyword, a plain identifier or a number. */
        WORD,
        /** <code>${…}</code> */
        PLACEHOLDER,
        /** Any other character, or what begins or ends a hint. */
        SYMBOL
    }

    /** Whether it means anything to Flink. */
    boolean speaks() {
        return kind != Kind.SPACE && kind != Kind.COMMENT;
    }

    boolean is(String wordOrSymbol) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(wordOrSymbol);
    }
}
