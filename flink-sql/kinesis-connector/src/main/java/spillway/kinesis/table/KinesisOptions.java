package spillway.kinesis.table;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import spillway.kinesis.client.KinesisClients;
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
                    .withDescription("For AT_TIMESTAMP, and without effect else: ISO 8601 with a zone, or epoch seconds with up to three decimals.");

    public static final ConfigOption<String> INIT_TIMESTAMP_FORMAT =
            ConfigOptions.key("source.init.timestamp.format")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Another form of source.init.timestamp than ISO 8601, as java.text.SimpleDateFormat has it.");

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

    public static final ConfigOption<Integer> RECORDS_PER_READ =
            ConfigOptions.key("source.shard.get-records.max-record-count")
                    .intType()
                    .defaultValue(5_000)
                    .withDescription("Records per GetRecords call, 10,000 at most.");

    public static final ConfigOption<String> READER_TYPE =
            ConfigOptions.key("source.reader.type")
                    .stringType()
                    .defaultValue("POLLING")
                    .withDescription("How shards are read; only POLLING.");

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

    public static final ConfigOption<Integer> CALLS_AT_ONCE =
            ConfigOptions.key("sink.requests.max-inflight")
                    .intType()
                    .defaultValue(2)
                    .withDescription("PutRecords calls under way at once; while they are, the next batch gathers.");

    public static final ConfigOption<Integer> MOST_BUFFERED =
            ConfigOptions.key("sink.requests.max-buffered")
                    .intType()
                    .defaultValue(10_000)
                    .withDescription("Records that wait; beyond them, back-pressure.");

    public static final ConfigOption<Long> BATCH_BYTES =
            ConfigOptions.key("sink.flush-buffer.size")
                    .longType()
                    .defaultValue(5L * 1024 * 1024)
                    .withDescription("Bytes per PutRecords call.");

    public static final ConfigOption<Boolean> FAIL_ON_ERROR =
            ConfigOptions.key("sink.fail-on-error")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription("Whether a refused record fails the job instead of being tried again.");

    public static final ConfigOption<String> PARTITIONER =
            ConfigOptions.key("sink.partitioner")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "How records are spread over shards: random, or fixed for one partition key per subtask."
                                    + " Not for tables that are PARTITIONED BY columns, whose values are the key.");

    public static final ConfigOption<String> FIELD_DELIMITER =
            ConfigOptions.key("sink.partitioner-field-delimiter")
                    .stringType()
                    .defaultValue("|")
                    .withDescription("Between the values of several columns in a partition key.");

    public static final ConfigOption<Integer> PUT_READ_TIMEOUT_MS =
            ConfigOptions.key("sink.http-client.read-timeout")
                    .intType()
                    .defaultValue((int) KinesisClients.READ_TIMEOUT.toMillis())
                    .withDescription("Milliseconds for which the answer to a PutRecords call is waited.");

    public static final ConfigOption<Integer> HTTP_CONCURRENCY =
            ConfigOptions.key("sink.http-client.max-concurrency")
                    .intType()
                    .noDefaultValue()
                    .withDescription("Without effect: sink.requests.max-inflight bounds the calls.");

    public static final ConfigOption<String> HTTP_VERSION =
            ConfigOptions.key("sink.http-client.protocol.version")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Without effect: the client speaks HTTP/1.1.");

    private KinesisOptions() {}
}
