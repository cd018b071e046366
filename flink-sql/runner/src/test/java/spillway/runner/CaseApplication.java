package spillway.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;

/**
 * An application as its folder says, with the connectors of its Kinesis tables swapped: those that an INSERT writes to
 * collect, the others read the case's script. Nothing else of the SQL changes.
 */
public record CaseApplication(Path folder, Map<String, String> parameters) {

    private static final String NAME = "(`[^`]+`|\\w+)";
    private static final Pattern CREATED = Pattern.compile("(?is)^\\s*CREATE\\s+TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?" + NAME);
    private static final Pattern WRITTEN = Pattern.compile("(?is)^\\s*INSERT\\s+INTO\\s+" + NAME);

    /**
     * Its INSERTs, not yet submitted.
     *
     * @param run the name of the script that is read, and under which the sinks collect
     * @throws RuntimeException with every problem of the files, the values or the SQL in its message
     */
    public StatementSet inserts(TableEnvironment environment, String run) {
        Map<String, Integer> lines = new HashMap<>();
        parameters.keySet().forEach(name -> lines.put(name, 0));
        RenderedApplication rendered =
                RenderedApplication.render(Bundle.ofFolder(folder), new ApplicationProperties("parameters", parameters, lines));
        RenderedApplication swapped = swapped(rendered, run);
        Submission.define(environment, swapped);
        return Submission.inserts(environment, swapped);
    }

    /** Flink looks for the connectors only when a view or an INSERT reads a table: until then they can be changed. */
    private static RenderedApplication swapped(RenderedApplication application, String run) {
        Set<String> sinks = application.statements().stream()
                .filter(statement -> statement.kind() == Statement.Kind.INSERT)
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
                String connector = sinks.contains(table) ? "collecting" : "scripted-shards";
                String sql = "ALTER TABLE `" + table + "` SET ('connector' = '" + connector + "', 'run' = '" + run + "')";
                swaps.add(new RenderedStatement(Statement.Kind.CREATE_TABLE, statement.file(), statement.line(), sql));
            }
        }
        return new RenderedApplication(application.name(), application.settings(), statements);
    }

    /** What a person can put right, without the stack trace that would hide it; else nothing. */
    public static Optional<String> faultOf(Throwable thrown) {
        return thrown instanceof DefinitionException ? Optional.of(thrown.getMessage()) : Optional.empty();
    }

    private static String nameIn(Pattern pattern, String sql) {
        Matcher matcher = pattern.matcher(sql);
        if (!matcher.find()) {
            throw new IllegalStateException("there is no table's name in: " + sql);
        }
        return matcher.group(1).replace("`", "");
    }
}
