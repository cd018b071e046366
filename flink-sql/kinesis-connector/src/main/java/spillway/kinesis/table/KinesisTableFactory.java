package spillway.kinesis.table;

import static spillway.kinesis.table.KinesisOptions.AWS_ENDPOINT;
import static spillway.kinesis.table.KinesisOptions.AWS_REGION;
import static spillway.kinesis.table.KinesisOptions.BATCH_BYTES;
import static spillway.kinesis.table.KinesisOptions.BATCH_MAX_SIZE;
import static spillway.kinesis.table.KinesisOptions.CALLS_AT_ONCE;
import static spillway.kinesis.table.KinesisOptions.DISCOVERY_INTERVAL;
import static spillway.kinesis.table.KinesisOptions.FAIL_ON_ERROR;
import static spillway.kinesis.table.KinesisOptions.FIELD_DELIMITER;
import static spillway.kinesis.table.KinesisOptions.FLUSH_TIMEOUT;
import static spillway.kinesis.table.KinesisOptions.HTTP_CONCURRENCY;
import static spillway.kinesis.table.KinesisOptions.HTTP_VERSION;
import static spillway.kinesis.table.KinesisOptions.IDLE_TIMEOUT;
import static spillway.kinesis.table.KinesisOptions.INIT_POSITION;
import static spillway.kinesis.table.KinesisOptions.INIT_TIMESTAMP;
import static spillway.kinesis.table.KinesisOptions.INIT_TIMESTAMP_FORMAT;
import static spillway.kinesis.table.KinesisOptions.LAG_TIMEOUT;
import static spillway.kinesis.table.KinesisOptions.MOST_BUFFERED;
import static spillway.kinesis.table.KinesisOptions.PARTITIONER;
import static spillway.kinesis.table.KinesisOptions.POLL_INTERVAL;
import static spillway.kinesis.table.KinesisOptions.PUT_READ_TIMEOUT_MS;
import static spillway.kinesis.table.KinesisOptions.READER_TYPE;
import static spillway.kinesis.table.KinesisOptions.RECORDS_PER_READ;
import static spillway.kinesis.table.KinesisOptions.SILENCE;
import static spillway.kinesis.table.KinesisOptions.STREAM_ARN;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;
import spillway.kinesis.client.KinesisStream;
import spillway.kinesis.sink.KinesisSink;
import spillway.kinesis.sink.SinkSettings;
import spillway.kinesis.source.SourceSettings;

/** Tables `WITH ('connector' = 'kinesis', …)`; an option that is none of ours or the format's is an error. */
public final class KinesisTableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {

    /** Bounds of the service: PutRecords and GetRecords, API reference. */
    private static final int MOST_RECORDS_PER_PUT = 500;

    private static final int MOST_BYTES_PER_PUT = 10 * 1024 * 1024;
    private static final int MOST_RECORDS_PER_READ = 10_000;

    /** Each call under way has a thread. */
    private static final int MOST_CALLS_AT_ONCE = 256;

    @Override
    public String factoryIdentifier() {
        return "kinesis";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(STREAM_ARN, FactoryUtil.FORMAT);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        Set<ConfigOption<?>> options = new HashSet<>(CredentialOptions.ALL);
        options.addAll(
                List.of(
                        AWS_REGION,
                        AWS_ENDPOINT,
                        INIT_POSITION,
                        INIT_TIMESTAMP,
                        INIT_TIMESTAMP_FORMAT,
                        DISCOVERY_INTERVAL,
                        POLL_INTERVAL,
                        RECORDS_PER_READ,
                        READER_TYPE,
                        IDLE_TIMEOUT,
                        SILENCE,
                        LAG_TIMEOUT,
                        BATCH_MAX_SIZE,
                        BATCH_BYTES,
                        FLUSH_TIMEOUT,
                        CALLS_AT_ONCE,
                        MOST_BUFFERED,
                        FAIL_ON_ERROR,
                        PARTITIONER,
                        FIELD_DELIMITER,
                        PUT_READ_TIMEOUT_MS,
                        HTTP_CONCURRENCY,
                        HTTP_VERSION));
        return options;
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        DecodingFormat<DeserializationSchema<RowData>> format =
                helper.discoverDecodingFormat(DeserializationFormatFactory.class, FactoryUtil.FORMAT);
        helper.validate();
        ReadableConfig options = helper.getOptions();
        if (!options.get(READER_TYPE).equals("POLLING")) {
            throw new ValidationException(
                    READER_TYPE.key() + " is '" + options.get(READER_TYPE)
                            + "', but shards are only read by POLLING; enhanced fan-out is not there");
        }
        SourceSettings settings =
                new SourceSettings(
                        positive(options, DISCOVERY_INTERVAL),
                        positive(options, POLL_INTERVAL),
                        within(options, RECORDS_PER_READ, 1, MOST_RECORDS_PER_READ),
                        options.get(IDLE_TIMEOUT),
                        options.get(SILENCE),
                        options.get(LAG_TIMEOUT));
        return new KinesisTableSource(
                context.getObjectIdentifier().asSummaryString(),
                streamOf(options),
                InitialPositions.of(options),
                settings,
                format,
                context.getPhysicalRowDataType());
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        EncodingFormat<SerializationSchema<RowData>> format =
                helper.discoverEncodingFormat(SerializationFormatFactory.class, FactoryUtil.FORMAT);
        helper.validate();
        ReadableConfig options = helper.getOptions();
        int batchSize = within(options, BATCH_MAX_SIZE, 1, MOST_RECORDS_PER_PUT);
        SinkSettings settings =
                new SinkSettings(
                        batchSize,
                        within(options, BATCH_BYTES, KinesisSink.MOST_BYTES_PER_RECORD, MOST_BYTES_PER_PUT),
                        positive(options, FLUSH_TIMEOUT),
                        within(options, CALLS_AT_ONCE, 1, MOST_CALLS_AT_ONCE),
                        // A full batch must leave room for the next record.
                        within(options, MOST_BUFFERED, batchSize + 1, Integer.MAX_VALUE),
                        options.get(FAIL_ON_ERROR),
                        Duration.ofMillis(within(options, PUT_READ_TIMEOUT_MS, 1, Integer.MAX_VALUE)));
        return new KinesisTableSink(
                streamOf(options),
                settings,
                Partitioning.of(options, context.getPhysicalRowDataType(), context.getCatalogTable().getPartitionKeys()),
                format,
                context.getPhysicalRowDataType());
    }

    private static KinesisStream streamOf(ReadableConfig options) {
        try {
            return KinesisStream.of(
                    options.get(STREAM_ARN),
                    options.getOptional(AWS_REGION),
                    options.getOptional(AWS_ENDPOINT),
                    CredentialOptions.of(options));
        } catch (IllegalArgumentException e) {
            throw new ValidationException(e.getMessage(), e);
        }
    }

    private static Duration positive(ReadableConfig options, ConfigOption<Duration> option) {
        Duration value = options.get(option);
        if (value.toMillis() < 1) {
            throw new ValidationException(option.key() + " is " + value + ", but must be 1 ms at least");
        }
        return value;
    }

    private static <T extends Number> T within(ReadableConfig options, ConfigOption<T> option, long least, long most) {
        T value = options.get(option);
        if (value.longValue() < least || value.longValue() > most) {
            throw new ValidationException(option.key() + " is " + value + ", but must be from " + least + " to " + most);
        }
        return value;
    }
}
