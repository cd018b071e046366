package spillway.kinesis.onflink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spillway.kinesis.live.Eventually;
import spillway.kinesis.scripted.ScriptedKinesis;
import spillway.kinesis.sink.KinesisSink;
import spillway.kinesis.sink.PartitionKeys;
import spillway.kinesis.sink.SinkSettings;

/** The sink inside a real Flink. */
@Timeout(120)
class SinkOnFlinkTest {

    private static final Duration NEVER = Duration.ofHours(1);
    private static final int MOST_BUFFERED = 20;
    private static final AtomicLong handedToSink = new AtomicLong();

    private ScriptedKinesis kinesis;

    @BeforeEach
    void start() throws Exception {
        kinesis = new ScriptedKinesis();
        handedToSink.set(0);
    }

    @AfterEach
    void stop() {
        kinesis.close();
    }

    @Test
    void aFullBatchGoesOutAndTheRestAtTheEnd() throws Exception {
        try (FlinkJob job = numbers(7, "", settings(3, NEVER))) {
            job.awaitEnd();
        }
        assertEquals(List.of(3, 3, 1), sizesOfCalls());
        assertEquals(numbersBelow(7), new TreeSet<>(kinesis.written()));
    }

    @Test
    void aBatchHoldsNoMoreBytesThanItMay() throws Exception {
        try (FlinkJob job = numbers(5, "x".repeat(400_000), settings(10, NEVER))) {
            job.awaitEnd();
        }
        assertEquals(5, kinesis.written().size());
        assertTrue(sizesOfCalls().stream().allMatch(size -> size <= 2), sizesOfCalls().toString());
    }

    @Test
    void aRecordWaitsForOthersNoLongerThanTheTimeout() throws Exception {
        // The sink is a task of its own, so that it goes on while the one before it waits.
        try (FlinkJob job =
                new FlinkJob(
                        Map.of(),
                        environment ->
                                sink(
                                        counted(environment, 3, "").map(new OnlyTwo()).rebalance(),
                                        settings(10, Duration.ofMillis(100)),
                                        PartitionKeys.random()))) {
            Eventually.holds("both records are written", kinesis::written, written -> written.size() == 2);
        }
    }

    @Test
    void refusedRecordsAreTriedAgainAndTheOthersAreNot() throws Exception {
        kinesis.refuse(text -> text.equals("1") && kinesis.calls().isEmpty());
        try (FlinkJob job = numbers(3, "", settings(3, NEVER))) {
            job.awaitEnd();
        }
        assertEquals(List.of("0", "2", "1"), kinesis.written());
    }

    @Test
    void whileKinesisRefusesTheJobIsSlowedDown() throws Exception {
        kinesis.refuse(text -> true);
        try (FlinkJob job = numbers(60, "", settings(5, Duration.ofMillis(50)))) {
            Eventually.holds("calls are tried again", kinesis::calls, calls -> calls.size() >= 3);
            assertTrue(handedToSink.get() <= MOST_BUFFERED + 10, handedToSink.get() + " records went to the sink");
            kinesis.refuse(text -> false);
            job.awaitEnd();
        }
        assertEquals(60, kinesis.written().size());
        assertEquals(numbersBelow(60), new TreeSet<>(kinesis.written()));
    }

    @Test
    void whatWaitsWhenACheckpointIsTakenIsInItAndWrittenAfterARestore(@TempDir Path folder) throws Exception {
        String savepoint;
        try (FlinkJob job = new FlinkJob(Map.of(), environment -> unending(environment, settings(15, NEVER)))) {
            Eventually.holds("all went to the sink", handedToSink::get, count -> count == 10);
            savepoint = job.stop(folder);
        }
        assertEquals(List.of(), kinesis.written());
        try (FlinkJob job =
                new FlinkJob(
                        Map.of("execution.state-recovery.path", savepoint),
                        environment -> unending(environment, settings(15, Duration.ofMillis(50))))) {
            Eventually.holds("all are written", kinesis::written, written -> written.size() == 10);
        }
        assertEquals(numbersBelow(10), new TreeSet<>(kinesis.written()));
        assertEquals(10, handedToSink.get(), "none went to the sink again");
    }

    @Test
    void aFixedPartitionKeyIsTheSubtasksNumber() throws Exception {
        try (FlinkJob job =
                new FlinkJob(
                        Map.of(),
                        environment -> sink(counted(environment, 3, ""), settings(3, NEVER), PartitionKeys.fixed()))) {
            job.awaitEnd();
        }
        assertEquals(List.of("0", "0", "0"), kinesis.partitionKeys());
    }

    private FlinkJob numbers(long count, String behindEach, SinkSettings settings) throws Exception {
        return numbers(count, behindEach, settings, Map.of());
    }

    private FlinkJob numbers(long count, String behindEach, SinkSettings settings, Map<String, String> more)
            throws Exception {
        return new FlinkJob(
                more,
                environment -> sink(counted(environment, count, behindEach), settings, PartitionKeys.random()));
    }

    private static DataStream<String> counted(StreamExecutionEnvironment environment, long count, String behindEach) {
        return environment
                .fromSource(new NumberSequenceSource(0, count - 1), WatermarkStrategy.noWatermarks(), "numbers")
                .uid("numbers")
                .map(new HandedOn(behindEach))
                .uid("handed-on");
    }

    /** Ten numbers, and a stream beside them in which nothing comes, so that the job does not end. */
    private void unending(StreamExecutionEnvironment environment, SinkSettings settings) {
        DataStream<String> silent =
                environment
                        .fromSource(StreamOfNumbers.of(kinesis), WatermarkStrategy.noWatermarks(), "silent", StreamOfNumbers.ROWS)
                        .uid("silent")
                        .map(Object::toString)
                        .uid("silent-texts");
        sink(counted(environment, 10, "").union(silent), settings, PartitionKeys.random());
    }

    private void sink(DataStream<String> texts, SinkSettings settings, PartitionKeys<String> keys) {
        texts.sinkTo(new KinesisSink<>(kinesis.stream(), settings, keys, new SimpleStringSchema())).uid("sink");
    }

    private List<Integer> sizesOfCalls() {
        return kinesis.calls().stream().map(List::size).toList();
    }

    private static Set<String> numbersBelow(long count) {
        return LongStream.range(0, count).mapToObj(String::valueOf).collect(Collectors.toCollection(TreeSet::new));
    }

    private static SinkSettings settings(int batchSize, Duration flushTimeout) {
        return new SinkSettings(batchSize, 1024 * 1024, flushTimeout, 1, MOST_BUFFERED, false, Duration.ofSeconds(5));
    }

    /** Counts what goes to the sink. */
    private static final class HandedOn implements MapFunction<Long, String> {
        private static final long serialVersionUID = 1L;

        private final String behindEach;

        private HandedOn(String behindEach) {
            this.behindEach = behindEach;
        }

        @Override
        public String map(Long number) {
            handedToSink.incrementAndGet();
            return number + behindEach;
        }
    }

    /** Lets two elements pass, and no third one. */
    private static final class OnlyTwo implements MapFunction<String, String> {
        private static final long serialVersionUID = 1L;

        private int passed;

        @Override
        public String map(String text) throws InterruptedException {
            if (passed == 2) {
                // Until the job is cancelled.
                new CountDownLatch(1).await();
            }
            passed++;
            return text;
        }
    }
}
