package spillway.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An application with other connectors in its tables. Nothing else of the SQL changes. */
final class SwappedConnectors {

    private static final String NAME = "(`[^`]+`|\\w+)";
    private static final Pattern CREATED = Pattern.compile("(?is)^\\s*CREATE\\s+TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?" + NAME);
    static final Pattern WRITTEN = Pattern.compile("(?is)^\\s*INSERT\\s+INTO\\s+" + NAME);

    private SwappedConnectors() {}

    /**
     * Flink looks for the connectors only when a view or an INSERT reads a table: until then they can be changed.
     *
     * @param run given to every connector as its option of that name
     * @param source the connector of tables that no INSERT writes to
     * @param sink the connector of those that one writes to
     */
    static RenderedApplication of(RenderedApplication application, String run, String source, String sink) {
        Set<String> sinks = application.statements().stream()
                .filter(statement -> statement.kind() == Statement.Kind.INSERT)
                .map(statement -> nameIn(WRITTEN, statement.sql()))
                .collect(Collectors.toSet());
        Set<String> ofReferences = application.statements().stream()
                .filter(CaseApplication::isWrittenByAReference)
                .map(statement -> nameIn(WRITTEN, statement.sql()))
                .collect(Collectors.toSet());
        List<RenderedStatement> statements = new ArrayList<>();
        List<RenderedStatement> swaps = new ArrayList<>();
        for (RenderedStatement statement : application.statements()) {
            if (statement.kind().compareTo(Statement.Kind.CREATE_TABLE) > 0) {
                statements.addAll(swaps);
                swaps.clear();
            }
            statements.add(statement);
            if (statement.kind() == Statement.Kind.CREATE_TABLE) {
                String table = nameIn(CREATED, statement.sql());
                String connector = sinks.contains(table) ? sink : source;
                String options = "('connector' = '" + connector + "', 'run' = '" + run + "')";
                swaps.add(own(statement, "ALTER TABLE `" + table + "` SET " + options));
                if (ofReferences.contains(table)) {
                    swaps.add(own(statement, "CREATE TABLE `" + CaseApplication.REFERENCE + table + "` LIKE `" + table + "`"));
                }
            }
        }
        return new RenderedApplication(application.name(), application.settings(), statements);
    }

    private static RenderedStatement own(RenderedStatement table, String sql) {
        return new RenderedStatement(Statement.Kind.CREATE_TABLE, table.file(), table.line(), sql);
    }

    static String nameIn(Pattern pattern, String sql) {
        Matcher matcher = pattern.matcher(sql);
        if (!matcher.find()) {
            throw new IllegalStateException("there is no table's name in: " + sql);
        }
        return matcher.group(1).replace("`", "");
    }
}
