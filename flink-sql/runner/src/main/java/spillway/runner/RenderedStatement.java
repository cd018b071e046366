package spillway.runner;

/**
 * A statement with its values in it: what Flink gets.
 *
 * @param file where it comes from, such as {@code tables/usage.sql}
 * @param line of its first word there, from 1
 */
record RenderedStatement(Statement.Kind kind, String file, int line, String sql) {

    String place() {
        return file + ":" + line;
    }
}
