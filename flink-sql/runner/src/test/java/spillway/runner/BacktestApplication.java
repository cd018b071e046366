package spillway.runner;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;

/**
 * An application as its folder says, reading the archive and writing files.
 *
 * @param detections those that are heard, by their files' names; the others' INSERTs are left out. They share sources with
 *     the rest and no state, so that leaving one out changes no other
 */
public record BacktestApplication(Path folder, Map<String, String> parameters, Set<String> detections) {

    private static final String DETECTIONS = "detections/";

    /**
     * Its INSERTs, not yet submitted.
     *
     * @param run the name under which files to read and write are known
     * @throws RuntimeException with every problem of the files, the values or the SQL in its message
     */
    public StatementSet inserts(TableEnvironment environment, String run) {
        Map<String, Integer> lines = new HashMap<>();
        parameters.keySet().forEach(name -> lines.put(name, 0));
        RenderedApplication rendered = RenderedApplication.render(
                Bundle.ofFolder(folder), new ApplicationProperties("parameters", parameters, lines));
        RenderedApplication swapped = SwappedConnectors.of(rendered, run, "archive", "filing");
        List<RenderedStatement> heard = swapped.statements().stream().filter(this::isHeard).toList();
        RenderedApplication application = new RenderedApplication(swapped.name(), swapped.settings(), heard);
        Submission.define(environment, application);
        return Submission.inserts(environment, application);
    }

    private boolean isHeard(RenderedStatement statement) {
        String file = statement.file();
        return statement.kind() != Statement.Kind.INSERT
                || !file.startsWith(DETECTIONS)
                || detections.contains(file.substring(DETECTIONS.length(), file.length() - ".sql".length()));
    }
}
