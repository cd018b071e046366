package spillway.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.SavepointFormatType;
import spillway.runner.ThrottleSql;

/**
 * What a detection costs on RocksDB once its window is full: the CPU time of the whole JVM, Flink's source and sink and
 * RocksDB's own threads included, over one window of load. Prints one JSON object a run: {@code Cost FLINK_SQL
 * WORK_FOLDER RUN…}, a run being {@code shape:keys:count:entriesPerSecond:windowSeconds:limit:measuredSeconds}.
 */
public final class Cost {

    /** What a throttling system would write first: heat in fixed windows, stated when they end. */
    private static final String TUMBLE = """
            INSERT INTO excess (version, application, generation, detection, resource, `key`, subject, units, `limit`,
                `peakSecondUnits`, `activeSeconds`, `windowStart`, `windowEnd`)
            SELECT
                1, ${application}, ${generation}, 'tumble', resource, `key`, subject, SUM(units),
                COALESCE(${limits}[resource], ${limit}), MAX(units), COUNT(units), MIN(`second`), MAX(`second`)
            FROM TABLE(TUMBLE(TABLE on_time, DESCRIPTOR(rowtime), ${window}))
            GROUP BY window_start, window_end, resource, `key`, subject
            HAVING SUM(units) > COALESCE(${limits}[resource], ${limit}) AND MAX(`second`) >= ${cutover};
            """;

    /** What all of them do before: read, unpack, tell late from on time. */
    private static final String NOTHING = """
            INSERT INTO excess (version, application, generation, detection, resource, `key`, subject, units, `limit`,
                `peakSecondUnits`, `activeSeconds`, `windowStart`, `windowEnd`)
            SELECT
                1, ${application}, ${generation}, 'nothing', resource, `key`, subject, units, ${limit}, units, units,
                `second`, `second`
            FROM on_time
            WHERE COALESCE(${limits}[resource], ${limit}) < units - 1000000
                AND `second` >= ${cutover} AND rowtime + ${window} > rowtime;
            """;

    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private record Run(String shape, Load.Keys keys, int count, int rate, long window, long limit, long measured) {

        static Run read(String text) {
            String[] part = text.split(":");
            return new Run(part[0], Load.Keys.valueOf(part[1].toUpperCase(Locale.ROOT)), Integer.parseInt(part[2]),
                    Integer.parseInt(part[3]), Long.parseLong(part[4]), Long.parseLong(part[5]), Long.parseLong(part[6]));
        }
    }

    private Cost() {}

    public static void main(String[] arguments) throws Exception {
        try (BenchCluster cluster = new BenchCluster(Path.of(arguments[1]))) {
            for (String run : List.of(arguments).subList(2, arguments.length)) {
                System.out.println(Json.of(measure(cluster, Path.of(arguments[0]), Run.read(run))));
            }
        }
    }

    private static Map<String, Object> measure(BenchCluster cluster, Path flinkSql, Run run) throws Exception {
        String name = UUID.randomUUID().toString();
        long warmSeconds = run.window() + 10;
        Load load = new Load(run.keys(), run.count(), run.rate(), warmSeconds + run.measured());
        Feed.Gate full = load.gateBefore(load.indexOf(warmSeconds));
        Feed.Gate end = load.gateBefore(load.size());
        load.register(name);
        ThrottleSql sql = new ThrottleSql(flinkSql,
                Map.of("window", run.window() + "s", "limit", String.valueOf(run.limit()), "limits", "{}", "delay", "5s"));
        JobID job = with(sql, run.shape())
                .inserts(cluster.environment(1, null), "'connector' = 'feed', 'run' = '" + name + "'",
                        "'connector' = 'keeping', 'run' = '" + name + "'")
                .execute().getJobClient().orElseThrow().getJobID();
        cluster.await(job, full);
        // A checkpoint passes through all that is on its way, so that what comes before it is not measured.
        cluster.checkpoint(job);
        KeepingTableFactory.take(name, "stated");
        load.takeTouched();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("stateBytesFull", savepointBytes(cluster, job));
        long cpuNanos = SYSTEM.getProcessCpuTime();
        full.open();
        cluster.await(job, end);
        cluster.checkpoint(job);
        double cpuSeconds = (SYSTEM.getProcessCpuTime() - cpuNanos) / 1e9;
        long entries = Load.entries(load.size() - load.indexOf(warmSeconds));
        int touched = load.takeTouched();
        long startedMs = System.currentTimeMillis();
        long sizeInBytes = bytes(cluster.savepoint(job, SavepointFormatType.NATIVE));
        result.put("checkpointMs", System.currentTimeMillis() - startedMs);
        result.put("checkpointBytes", sizeInBytes);
        result.put("stateBytesEnd", savepointBytes(cluster, job));
        result.put("shape", run.shape());
        result.put("keys", run.keys().name().toLowerCase(Locale.ROOT));
        result.put("keyCount", run.count());
        result.put("entriesPerSecond", run.rate());
        result.put("windowSeconds", run.window());
        result.put("limit", run.limit());
        result.put("keysTouched", touched);
        result.put("entries", entries);
        result.put("cpuSeconds", cpuSeconds);
        result.put("entriesPerCpuSecond", Math.round(entries / cpuSeconds));
        result.put("stated", KeepingTableFactory.take(name, "stated").size());
        cluster.cancel(job);
        end.open();
        Feed.forget(name);
        return result;
    }

    private static ThrottleSql with(ThrottleSql sql, String shape) {
        return switch (shape) {
            case "tumble" -> sql.detection("stated", TUMBLE);
            case "nothing" -> sql.detection("stated", NOTHING);
            case "reference" -> sql.reference("stated");
            case "function" -> sql.function("stated");
            case "shared-key" -> sql.function("stated", "shared-key");
            case "shared-key-reference" -> sql.reference("stated", "shared-key");
            case "application" -> sql.application("stated", false);
            case "application-of-references" -> sql.application("stated", true);
            default -> throw new IllegalArgumentException("there is no shape " + shape);
        };
    }

    /** Of what is alive; the canonical format holds no leftovers. */
    private static long savepointBytes(BenchCluster cluster, JobID job) throws Exception {
        return bytes(cluster.savepoint(job, SavepointFormatType.CANONICAL));
    }

    private static long bytes(String path) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(URI.create(path)))) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
