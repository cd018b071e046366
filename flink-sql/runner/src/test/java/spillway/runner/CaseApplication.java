package spillway.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;

/**
 * An application as its folder says, with the connectors of its Kinesis tables swapped: those that an INSERT writes to
 * collect, the others read the case's script. Nothing else of the SQL changes. Beside it run its references, if it has any:
 * {@code references/*.sql} each answer the question of a detection in another way, and write to tables of their own.
 */
public record CaseApplication(Path folder, Map<String, String> parameters) {

    /** Begins the name of the table that takes what references write, before the name of the table in their SQL. */
    public static final String REFERENCE = "reference_";

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
                RenderedApplication.render(withReferences(folder), new ApplicationProperties("parameters", parameters, lines));
        RenderedApplication swapped = toTheirOwnTables(SwappedConnectors.of(rendered, run, "scripted-shards", "collecting"));
        Submission.define(environment, swapped);
        return Submission.inserts(environment, swapped);
    }

    private static Bundle withReferences(Path folder) {
        Bundle application = Bundle.ofFolder(folder);
        Path references = folder.resolve("references");
        if (!Files.isDirectory(references)) {
            return application;
        }
        Map<String, String> files = new LinkedHashMap<>(application.sql());
        try (Stream<Path> children = Files.list(references)) {
            for (Path file : children.filter(child -> child.toString().endsWith(".sql")).sorted().toList()) {
                files.put("references/" + file.getFileName(), Files.readString(file));
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        return new Bundle(application.applicationJson(), files);
    }

    static boolean isWrittenByAReference(RenderedStatement statement) {
        return statement.kind() == Statement.Kind.INSERT && statement.file().startsWith("references/");
    }

    private static RenderedApplication toTheirOwnTables(RenderedApplication application) {
        List<RenderedStatement> statements = application.statements().stream()
                .map(statement -> isWrittenByAReference(statement) ? toItsOwnTable(statement) : statement)
                .toList();
        return new RenderedApplication(application.name(), application.settings(), statements);
    }

    private static RenderedStatement toItsOwnTable(RenderedStatement insert) {
        Matcher written = SwappedConnectors.WRITTEN.matcher(insert.sql());
        String table = REFERENCE + SwappedConnectors.nameIn(SwappedConnectors.WRITTEN, insert.sql());
        String sql = written.replaceFirst(Matcher.quoteReplacement("INSERT INTO `" + table + "`"));
        return new RenderedStatement(insert.kind(), insert.file(), insert.line(), sql);
    }

    /** What a person can put right, without the stack trace that would hide it; else nothing. */
    public static Optional<String> faultOf(Throwable thrown) {
        return thrown instanceof DefinitionException ? Optional.of(thrown.getMessage()) : Optional.empty();
    }
}
