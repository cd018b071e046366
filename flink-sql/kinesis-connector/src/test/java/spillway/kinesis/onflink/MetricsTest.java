package spillway.kinesis.onflink;

import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import spillway.kinesis.live.Eventually;
import spillway.kinesis.scripted.ScriptedKinesis;
import spillway.kinesis.sink.KinesisSink;
import spillway.kinesis.sink.PartitionKeys;
import spillway.kinesis.sink.SinkSettings;

/** Metrics as Flink reports them to the outside. */
@Timeout(120)
class MetricsTest {

    private static final String LAG =
            ".KinesisStreamSource.accountId.123456789012.region.us-east-1.stream.usage.shardId.shardId-000000000000"
                    + ".millisBehindLatest";

    @Test
    void eachShardTellsHowFarBehindItIsUntilItIsReadToItsEnd() throws Exception {
        try (ScriptedKinesis kinesis = new ScriptedKinesis()) {
            kinesis.behind(61_500);
            try (FlinkJob job =
                    new FlinkJob(
                            ReportedMetrics.SETTINGS,
                            environment ->
                                    environment
                                            .fromSource(
                                                    StreamOfNumbers.of(kinesis),
                                                    WatermarkStrategy.noWatermarks(),
                                                    "usage",
                                                    StreamOfNumbers.ROWS)
                                            .sinkTo(new DiscardingSink<>()))) {
                reported(LAG, 61_500L);
                kinesis.behind(0);
                reported(LAG, 0L);
                kinesis.closeShard();
                reported(LAG, null);
            }
        }
    }

    @Test
    void theSourceCountsRecordsAndThoseThatDoNotParse() throws Exception {
        try (ScriptedKinesis kinesis = new ScriptedKinesis();
                FlinkJob job =
                        new FlinkJob(
                                ReportedMetrics.SETTINGS,
                                environment ->
                                        environment
                                                .fromSource(
                                                        StreamOfNumbers.of(kinesis),
                                                        WatermarkStrategy.noWatermarks(),
                                                        "usage",
                                                        StreamOfNumbers.ROWS)
                                                .sinkTo(new DiscardingSink<>()))) {
            kinesis.add("{\"number\":1}", "nonsense", "{\"number\":2}");
            reported(".Source: usage.0.numRecordsIn", 3L);
            reported(".Source: usage.0.numBytesIn", 12L + 8L + 12L);
            reported(".Source: usage.0.numRecordsInErrors", 1L);
        }
    }

    @Test
    void theSinkCountsWhatWasRefused() throws Exception {
        try (ScriptedKinesis kinesis = new ScriptedKinesis()) {
            kinesis.refuse(text -> true);
            SinkSettings settings =
                    new SinkSettings(3, 1024 * 1024, Duration.ofMillis(50), 1, 10, false, Duration.ofSeconds(5));
            try (FlinkJob job =
                    new FlinkJob(
                            ReportedMetrics.SETTINGS,
                            environment ->
                                    environment
                                            .fromSource(
                                                    new NumberSequenceSource(0, 2),
                                                    WatermarkStrategy.noWatermarks(),
                                                    "numbers")
                                            .map(String::valueOf)
                                            .sinkTo(
                                                    new KinesisSink<>(
                                                            kinesis.stream(),
                                                            settings,
                                                            PartitionKeys.random(),
                                                            new SimpleStringSchema())))) {
                Eventually.holds(
                        "refused records are counted",
                        () -> ReportedMetrics.valueOf(".numRecordsSendErrors"),
                        errors -> errors != null && errors >= 6);
                kinesis.refuse(text -> false);
                job.awaitEnd();
            }
        }
    }

    private static void reported(String endOfName, Long expected) {
        Eventually.holds(
                endOfName + " is " + expected,
                () -> ReportedMetrics.valueOf(endOfName),
                value -> Objects.equals(value, expected));
    }
}
