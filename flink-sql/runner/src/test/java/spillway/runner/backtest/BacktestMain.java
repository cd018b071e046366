package spillway.runner.backtest;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import spillway.runner.BacktestApplication;
import spillway.runner.CaseApplication;
import spillway.runner.cases.WarmCluster;

/**
 * Runs an application over archived usage records, once for each set of parameters, on one warm Flink. The only argument is
 * a file with what to run; each run's end is one line of JSON on standard output, everything else goes to standard error.
 * It has no way to a stream or a queue: what comes out lies in files.
 *
 * <p>In: {@code {"records": FILE, "folder": FOLDER, "sideBySide", "mostRows", "patienceSeconds", "stateBackend", "runs":
 * [{"id", "application": FOLDER, "parameters": {…}, "detections": […]}]}}. A run's rows go to {@code FOLDER/ID/TABLE.jsonl}.
 *
 * <p>Out: {@code {"id", "tookMs", "cpuMs"}}, cpuMs being what this JVM has used up to then; or {@code {"id", "tookMs",
 * "error"}}.
 */
public final class BacktestMain {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final WarmCluster cluster;
    private final JsonNode request;

    private BacktestMain(WarmCluster cluster, JsonNode request) {
        this.cluster = cluster;
        this.request = request;
    }

    /** @throws Exception if the request cannot be read or Flink does not start */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        JsonNode request = MAPPER.readTree(Files.readString(Path.of(arguments[0])));
        ExecutorService workers = Executors.newFixedThreadPool(request.path("sideBySide").asInt());
        try (WarmCluster cluster = new WarmCluster()) {
            BacktestMain backtest = new BacktestMain(cluster, request);
            request.path("runs").forEach(run -> workers.submit(() -> {
                ObjectNode answer = backtest.answer(run);
                synchronized (answers) {
                    answers.println(answer);
                }
            }));
            workers.shutdown();
            workers.awaitTermination(request.path("patienceSeconds").asLong(), TimeUnit.SECONDS);
        }
    }

    private ObjectNode answer(JsonNode asked) {
        long startedNs = System.nanoTime();
        ObjectNode answer = MAPPER.createObjectNode().put("id", asked.path("id").asInt());
        try {
            perform(asked);
        } catch (Exception | LinkageError cause) {
            answer.put("error", CaseApplication.faultOf(cause).orElseGet(() -> innermost(cause)));
        }
        long cpuNs = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        return answer.put("tookMs", (System.nanoTime() - startedNs) / 1_000_000).put("cpuMs", cpuNs / 1_000_000);
    }

    private void perform(JsonNode asked) throws Exception {
        String run = UUID.randomUUID().toString();
        Map<String, String> parameters = new HashMap<>();
        asked.path("parameters")
                .properties()
                .forEach(value -> parameters.put(value.getKey(), value.getValue().asText()));
        Set<String> detections = new HashSet<>();
        asked.path("detections").forEach(detection -> detections.add(detection.asText()));
        BacktestApplication application =
                new BacktestApplication(Path.of(asked.path("application").asText()), parameters, detections);
        Path folder = Path.of(request.path("folder").asText()).resolve(asked.path("id").asText());
        try (RunFiles files = new RunFiles(
                run, Path.of(request.path("records").asText()), folder, request.path("mostRows").asLong())) {
            JobGraph graph = plan(application, run);
            JobClient job = cluster.start(graph, null);
            try {
                job.getJobExecutionResult().get(request.path("patienceSeconds").asLong(), TimeUnit.SECONDS);
            } catch (Exception cause) {
                job.cancel();
                throw cause;
            }
        }
    }

    /** One at a time: the planner's classes are loaded once, and Flink's planner shares what it generates. */
    private synchronized JobGraph plan(BacktestApplication application, String run) {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, request.path("stateBackend").asText());
        // Of one key's rows the order is kept at any parallelism; runs side by side keep the cores busy.
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.STREAMING);
        return cluster.plan(configuration, environment -> application.inserts(environment, run));
    }

    /** What was thrown first: Flink wraps it many times. */
    private static String innermost(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause.getCause() != null && depth < 30; depth++) {
            cause = cause.getCause();
        }
        StackTraceElement[] trace = cause.getStackTrace();
        return (cause.getMessage() == null ? cause.toString() : cause.getMessage())
                + (cause instanceof java.io.IOException || trace.length == 0 ? "" : " (" + trace[0] + ')');
    }
}
