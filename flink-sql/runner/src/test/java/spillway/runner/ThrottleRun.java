package spillway.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import spillway.runner.scripted.Delivery;
import spillway.runner.scripted.Script;

/**
 * Runs the SQL of flink-sql/throttle on a local Flink, from a script of deliveries to what its sinks took. Only the
 * connectors are other ones. Watermarks move with every record, so that a script always has the same outcome.
 *
 * @param excesses of partition-heat, as JSON, in no order
 * @param sharedKeys those of shared-key
 */
record ThrottleRun(List<String> excesses, List<String> sharedKeys, List<String> late, List<String> malformed) {

    private static final Path FOLDER = Path.of("..", "throttle");

    static ThrottleRun of(List<Delivery> deliveries, Map<String, String> parameters) throws Exception {
        String run = UUID.randomUUID().toString();
        Script.deliver(run, deliveries);
        inserts(run, parameters).execute().await(60, TimeUnit.SECONDS);
        return new ThrottleRun(
                excesses(run, "partition-heat"),
                excesses(run, "shared-key"),
                Script.collected(run, "late"),
                Script.collected(run, "malformed"));
    }

    private static List<String> excesses(String run, String detection) {
        return Script.collected(run, "excess").stream()
                .filter(excess -> excess.contains("\"detection\":\"" + detection + "\""))
                .toList();
    }

    /** All INSERTs of the application, not yet submitted. */
    static StatementSet inserts(String run, Map<String, String> parameters) {
        TableEnvironment environment = environment();
        RenderedApplication application = withOtherConnectors(render(parameters), run);
        Submission.define(environment, application);
        return Submission.inserts(environment, application);
    }

    /** Flink looks for the connectors only when a view or an INSERT reads a table: until then they can be changed. */
    private static RenderedApplication withOtherConnectors(RenderedApplication application, String run) {
        List<RenderedStatement> statements = new ArrayList<>();
        for (RenderedStatement statement : application.statements()) {
            if (statement.kind().compareTo(Statement.Kind.CREATE_TABLE) > 0 && statements.stream().noneMatch(ThrottleRun::isSwap)) {
                statements.add(swap("`usage`", "'connector' = 'scripted', 'scan.watermark.emit.strategy' = 'on-event'", run));
                List.of("excess", "late", "malformed").forEach(sink -> statements.add(swap(sink, "'connector' = 'collecting'", run)));
            }
            statements.add(statement);
        }
        return new RenderedApplication(application.name(), application.settings(), statements);
    }

    private static RenderedStatement swap(String table, String options, String run) {
        String sql = "ALTER TABLE " + table + " SET (" + options + ", 'run' = '" + run + "')";
        return new RenderedStatement(Statement.Kind.CREATE_TABLE, "test", 1, sql);
    }

    private static boolean isSwap(RenderedStatement statement) {
        return statement.sql().startsWith("ALTER");
    }

    private static TableEnvironment environment() {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "2");
        return TableEnvironment.create(
                EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(configuration).build());
    }

    private static RenderedApplication render(Map<String, String> parameters) {
        Map<String, String> texts = new HashMap<>(Map.of(
                "usage_stream", "arn:aws:kinesis:us-east-1:000000000000:stream/usage",
                "excess_stream", "arn:aws:kinesis:us-east-1:000000000000:stream/excess",
                "set_aside_stream", "arn:aws:kinesis:us-east-1:000000000000:stream/set-aside"));
        texts.putAll(parameters);
        Map<String, Integer> lines = new HashMap<>();
        texts.keySet().forEach(name -> lines.put(name, 1));
        return RenderedApplication.render(Bundle.ofFolder(FOLDER), new ApplicationProperties("test", texts, lines));
    }
}
