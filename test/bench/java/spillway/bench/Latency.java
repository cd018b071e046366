package spillway.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import spillway.runner.ThrottleSql;

/**
 * Runs the reference and the function on the Kinesis streams of the local system until it is ended: {@code Latency
 * FLINK_SQL WORK_FOLDER STREAM_ARN_PREFIX LIMIT DELAY_SECONDS…}. One job for each delay reads the stream {@code usage};
 * its detections write to {@code reference_DELAY} and {@code function_DELAY}. Prints one line once all of them run.
 */
public final class Latency {

    private Latency() {}

    public static void main(String[] arguments) throws Exception {
        String prefix = arguments[2];
        try (BenchCluster cluster = new BenchCluster(Path.of(arguments[1]))) {
            for (String delay : List.of(arguments).subList(4, arguments.length)) {
                JobClient job = new ThrottleSql(Path.of(arguments[0]),
                                Map.of("usage_stream", prefix + "usage", "limit", arguments[3], "delay", delay + "s", "start", "TRIM_HORIZON"))
                        .reference("reference_" + delay)
                        .function("function_" + delay)
                        .inserts(cluster.environment(1, null), "'connector' = 'kinesis'", "'stream.arn' = '" + prefix + "{table}'")
                        .execute().getJobClient().orElseThrow();
                while (!job.getJobStatus().get().name().equals("RUNNING")) {
                    Thread.sleep(50);
                }
            }
            System.out.println(Json.of(Map.of("running", true)));
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
