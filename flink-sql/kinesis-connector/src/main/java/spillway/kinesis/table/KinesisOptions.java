package spillway.kinesis.table;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import spillway.kinesis.source.InitialPosition;

/** The options of a table; those that the official connector has too have its names. */
public final class KinesisOptions {

    public static final ConfigOption<String> STREAM_ARN =
            ConfigOptions.key("stream.arn").stringType().noDefaultValue().withDescription("ARN of the stream.");

    public static final ConfigOption<String> AWS_REGION =
            ConfigOptions.key("aws.region")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The stream's region; the ARN says it already.");

    public static final ConfigOption<String> AWS_ENDPOINT =
            ConfigOptions.key("aws.endpoint")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("URL of another Kinesis endpoint; without it, AWS_ENDPOINT_URL_KINESIS or AWS's own.");

    public static final ConfigOption<InitialPosition.Kind> INIT_POSITION =
            ConfigOptions.key("source.init.position")
                    .enumType(InitialPosition.Kind.class)
                    .defaultValue(InitialPosition.Kind.LATEST)
                    .withDescription("Where a job without state begins.");

    public static final ConfigOption<String> INIT_TIMESTAMP =
            ConfigOptions.key("source.init.timestamp")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("For AT_TIMESTAMP: ISO 8601 with a zone, or epoch seconds with up to three decimals.");

    public static final ConfigOption<Duration> DISCOVERY_INTERVAL =
            ConfigOptions.key("source.shard.discovery.interval")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(10))
                    .withDescription("Between two looks for new shards.");

    public static final ConfigOption<Duration> POLL_INTERVAL =
            ConfigOptions.key("source.reader.empty-records-fetch-interval")
                    .durationType()
                    .defaultValue(Duration.ofMillis(500))
                    .withDescription("Between two reads of a shard; all its readers together may read it five times a second.");

    public static final ConfigOption<Duration> IDLE_TIMEOUT =
            ConfigOptions.key("source.idle-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(1))
                    .withDescription("Without a record, after which a shard read to its tip is not waited for any more.");

    public static final ConfigOption<Duration> SILENCE =
            ConfigOptions.key("source.silence")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(30))
                    .withDescription("Without a record in any shard, after which the last seconds are closed; 0 s for never.");

    public static final ConfigOption<Duration> LAG_TIMEOUT =
            ConfigOptions.key("source.lag-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(60))
                    .withDescription("For which a shard that cannot be read holds the watermark back.");

    public static final ConfigOption<Integer> BATCH_MAX_SIZE =
            ConfigOptions.key("sink.batch.max-size")
                    .intType()
                    .defaultValue(500)
                    .withDescription("Records per PutRecords call, 500 at most.");

    public static final ConfigOption<Duration> FLUSH_TIMEOUT =
            ConfigOptions.key("sink.flush-buffer.timeout")
                    .durationType()
                    .defaultValue(Duration.ofMillis(200))
                    .withDescription("For which a record may wait for others to be sent with.");

    public static final ConfigOption<String> PARTITIONER =
            ConfigOptions.key("sink.partitioner")
                    .stringType()
                    .defaultValue("random")
                    .withDescription("How records are spread over shards; only random so far.");

    private KinesisOptions() {}
}
