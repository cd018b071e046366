package spillway.kinesis.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SQL on a real Flink against a real Kinesis server. */
@Tag("kinesis")
@Timeout(180)
class KinesisSqlTest {

    private static final String PASS_UNITS_ON = "INSERT INTO sink_table SELECT units FROM source_table";

    private final LiveStream out = new LiveStream(1);
    private LiveStream in;

    @AfterEach
    void deleteStreams() {
        in.close();
        out.close();
    }

    @Test
    void aShardFiftySecondsAheadOfAnotherOnOneSubtaskMakesNothingLate() throws Exception {
        in = new LiveStream(2);
        BigInteger ahead = in.hashKeys().get(0);
        BigInteger behind = in.hashKeys().get(1);
        long begin = System.currentTimeMillis() / 1_000 / 10 * 10 - 600;
        for (int second = 0; second < 100; second += 5) {
            in.put(ahead, event(begin + 50 + second, 100));
            in.put(behind, event(begin + second, 1));
        }
        try (SqlJob job = new SqlJob(1, null, source("TRIM_HORIZON"), sink("starts BIGINT, units BIGINT"), """
                INSERT INTO sink_table
                SELECT UNIX_TIMESTAMP(CAST(window_start AS STRING)), SUM(units)
                FROM TABLE(TUMBLE(TABLE source_table, DESCRIPTOR(rowtime), INTERVAL '10' SECOND))
                GROUP BY window_start, window_end""")) {
            Set<String> expected = new TreeSet<>();
            for (int window = 0; window < 150; window += 10) {
                int units = (window < 100 ? 2 : 0) + (window >= 50 ? 200 : 0);
                expected.add("{\"starts\":" + (begin + window) + ",\"units\":" + units + "}");
            }
            assertEquals(expected, new TreeSet<>(output(seen -> seen.size() >= expected.size())));
        }
    }

    @Test
    void aRecordThatDoesNotParseGoesAsideAndTheOnesBehindItGoOn() throws Exception {
        in = new LiveStream(1);
        BigInteger key = in.hashKeys().get(0);
        long second = System.currentTimeMillis() / 1_000;
        in.put(key, event(second, 1));
        in.put(key, "{\"second\":");
        in.put(key, new byte[] {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2, 0});
        in.put(key, event(second, 2));
        try (SqlJob job = new SqlJob(1, null, source("TRIM_HORIZON"), sink("units BIGINT, payload STRING, why STRING"), """
                INSERT INTO sink_table
                SELECT units, CASE WHEN error LIKE '%Producer%' THEN 'aggregated' ELSE payload END, LEFT(error, 10)
                FROM source_table""")) {
            List<String> seen = output(rows -> rows.size() >= 4);
            assertEquals("{\"units\":1,\"payload\":null,\"why\":null}", seen.get(0));
            assertTrue(seen.get(1).startsWith("{\"units\":null,\"payload\":\"{\\\"second\\\":\",\"why\":\""), seen.get(1));
            assertTrue(seen.get(2).startsWith("{\"units\":null,\"payload\":\"aggregated\",\"why\":\""), seen.get(2));
            assertEquals("{\"units\":2,\"payload\":null,\"why\":null}", seen.get(3));
        }
    }

    @Test
    void stoppedAndRestoredAtAnotherParallelismWithShardsSplitAndMergedMeanwhileNothingIsLostOrDoubled(
            @TempDir Path folder) throws Exception {
        in = new LiveStream(2);
        String[] statements = {source("TRIM_HORIZON"), sink("units BIGINT"), PASS_UNITS_ON};
        String savepoint;
        putNumbers(0, 40);
        try (SqlJob job = new SqlJob(1, null, statements)) {
            output(rows -> rows.size() >= 40);
            in.split(0);
            putNumbers(40, 80);
            output(rows -> rows.size() >= 80);
            savepoint = job.stop(folder);
        }
        putNumbers(80, 120);
        in.split(0);
        putNumbers(120, 160);
        try (SqlJob job = new SqlJob(3, savepoint, statements)) {
            output(rows -> rows.size() >= 160);
            in.merge(1, 2);
            putNumbers(160, 200);
            output(rows -> rows.size() >= 200);
            savepoint = job.stop(folder);
        }
        putNumbers(200, 220);
        try (SqlJob job = new SqlJob(1, savepoint, statements)) {
            List<String> seen = new ArrayList<>(output(rows -> rows.size() >= 220));
            List<String> expected =
                    new ArrayList<>(IntStream.range(0, 220).mapToObj(n -> "{\"units\":" + n + "}").toList());
            seen.sort(null);
            expected.sort(null);
            assertEquals(expected, seen);
        }
    }

    @Test
    void latestIsTheJobsFirstStartEvenIfItIsRestoredBeforeItsFirstRecord(@TempDir Path folder) throws Exception {
        in = new LiveStream(1);
        BigInteger key = in.hashKeys().get(0);
        in.put(key, event(1, 1));
        String[] statements = {source("LATEST"), sink("units BIGINT"), PASS_UNITS_ON};
        String savepoint;
        try (SqlJob job = new SqlJob(1, null, statements)) {
            savepoint = job.stop(folder);
        }
        in.put(key, event(2, 2));
        try (SqlJob job = new SqlJob(1, savepoint, statements)) {
            assertEquals(List.of("{\"units\":2}"), output(rows -> !rows.isEmpty()));
        }
    }

    @Test
    void aStreamThatIsNotThereFailsTheJobWithItsName() throws Exception {
        in = new LiveStream(1);
        String missing = source("LATEST").replace(in.arn, in.arn + "-missing");
        try (SqlJob job = new SqlJob(1, null, missing, sink("units BIGINT"), PASS_UNITS_ON)) {
            StringBuilder said = new StringBuilder();
            for (Throwable cause = job.failure(); cause != null; cause = cause.getCause()) {
                said.append(cause.getMessage()).append('\n');
            }
            assertTrue(said.toString().contains(in.arn + "-missing cannot be listed"), said.toString());
        }
    }

    @Test
    void throttledCallsExpiredIteratorsAndServerErrorsLoseAndDoubleNothing() throws Exception {
        in = new LiveStream(3);
        try (RefusingFront front = new RefusingFront(1);
                SqlJob job =
                        new SqlJob(
                                2,
                                null,
                                through(front, source("TRIM_HORIZON")),
                                through(front, sink("units BIGINT")),
                                PASS_UNITS_ON)) {
            for (int n = 0; n < 200; n += 20) {
                putNumbers(n, n + 20);
                int atLeast = n + 20;
                output(rows -> rows.size() >= atLeast);
            }
            Set<String> expected = new TreeSet<>();
            IntStream.range(0, 200).forEach(n -> expected.add("{\"units\":" + n + "}"));
            List<String> seen = out.contents();
            assertEquals(expected, new TreeSet<>(seen));
            assertEquals(200, seen.size());
            assertTrue(front.refused() > 20, front.refused() + " calls were refused");
        }
    }

    @Test
    void aReaderThatFailsComesBackFromItsCheckpointWithoutLoss() throws Exception {
        in = new LiveStream(2);
        try (RefusingFront front = new RefusingFront(0);
                SqlJob job =
                        new SqlJob(
                                2,
                                null,
                                through(front, source("LATEST")),
                                sink("units BIGINT"),
                                PASS_UNITS_ON)) {
            Set<String> expected = new TreeSet<>();
            IntStream.range(0, 80).forEach(n -> expected.add("{\"units\":" + n + "}"));
            putNumbers(0, 40);
            output(rows -> !rows.isEmpty());
            front.forbidOnce("GetRecords");
            putNumbers(40, 80);
            assertEquals(expected, new TreeSet<>(output(rows -> new TreeSet<>(rows).containsAll(expected))));
            assertEquals(1, front.refused(), "how often a reader was made to fail");
        }
    }

    private static String through(RefusingFront front, String table) {
        return table.replace("'format'", "'aws.endpoint' = '" + front.endpoint() + "', 'format'");
    }

    private void putNumbers(int from, int until) {
        List<BigInteger> keys = in.hashKeys();
        for (int n = from; n < until; n++) {
            in.put(keys.get(n % keys.size()), event(n, n));
        }
    }

    private List<String> output(Predicate<List<String>> enough) {
        return Eventually.holds("the sink's stream holds what is expected", out::contents, enough);
    }

    private static String event(long second, long units) {
        return "{\"second\":" + second + ",\"units\":" + units + "}";
    }

    private String source(String position) {
        return """
                CREATE TABLE source_table (
                    `second` BIGINT,
                    units BIGINT,
                    error STRING METADATA VIRTUAL,
                    payload STRING METADATA VIRTUAL,
                    rowtime AS CASE WHEN error IS NULL THEN TO_TIMESTAMP_LTZ(`second`, 0) END,
                    WATERMARK FOR rowtime AS rowtime - INTERVAL '5' SECOND
                ) WITH (
                    'connector' = 'kinesis',
                    'stream.arn' = '%s',
                    'source.init.position' = '%s',
                    'source.shard.discovery.interval' = '1 s',
                    'source.reader.empty-records-fetch-interval' = '100 ms',
                    'source.idle-timeout' = '300 ms',
                    'source.silence' = '1 s',
                    'format' = 'json'
                )"""
                .formatted(in.arn, position);
    }

    private String sink(String columns) {
        return "CREATE TABLE sink_table (%s) WITH ('connector' = 'kinesis', 'stream.arn' = '%s', 'format' = 'json')"
                .formatted(columns, out.arn);
    }
}
