package spillway.kinesis.table;

import static spillway.kinesis.table.KinesisOptions.AWS_ENDPOINT;
import static spillway.kinesis.table.KinesisOptions.AWS_REGION;
import static spillway.kinesis.table.KinesisOptions.BATCH_MAX_SIZE;
import static spillway.kinesis.table.KinesisOptions.DISCOVERY_INTERVAL;
import static spillway.kinesis.table.KinesisOptions.FLUSH_TIMEOUT;
import static spillway.kinesis.table.KinesisOptions.IDLE_TIMEOUT;
import static spillway.kinesis.table.KinesisOptions.INIT_POSITION;
import static spillway.kinesis.table.KinesisOptions.INIT_TIMESTAMP;
import static spillway.kinesis.table.KinesisOptions.LAG_TIMEOUT;
import static spillway.kinesis.table.KinesisOptions.PARTITIONER;
import static spillway.kinesis.table.KinesisOptions.POLL_INTERVAL;
import static spillway.kinesis.table.KinesisOptions.SILENCE;
import static spillway.kinesis.table.KinesisOptions.STREAM_ARN;

import java.time.Duration;
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
import spillway.kinesis.sink.SinkSettings;
import spillway.kinesis.source.SourceSettings;

/** Tables `WITH ('connector' = 'kinesis', …)`; an option that is none of ours or the format's is an error. */
public final class KinesisTableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {

    private static final int MOST_RECORDS_PER_CALL = 500;

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
        return Set.of(
                AWS_REGION,
                AWS_ENDPOINT,
                INIT_POSITION,
                INIT_TIMESTAMP,
                DISCOVERY_INTERVAL,
                POLL_INTERVAL,
                IDLE_TIMEOUT,
                SILENCE,
                LAG_TIMEOUT,
                BATCH_MAX_SIZE,
                FLUSH_TIMEOUT,
                PARTITIONER);
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        DecodingFormat<DeserializationSchema<RowData>> format =
                helper.discoverDecodingFormat(DeserializationFormatFactory.class, FactoryUtil.FORMAT);
        helper.validate();
        ReadableConfig options = helper.getOptions();
        SourceSettings settings =
                new SourceSettings(
                        positive(options, DISCOVERY_INTERVAL),
                        positive(options, POLL_INTERVAL),
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
        int batchSize = options.get(BATCH_MAX_SIZE);
        if (batchSize < 1 || batchSize > MOST_RECORDS_PER_CALL) {
            throw new ValidationException(
                    BATCH_MAX_SIZE.key() + " is " + batchSize + ", but PutRecords takes 1 to " + MOST_RECORDS_PER_CALL
                            + " records");
        }
        if (!options.get(PARTITIONER).equals("random")) {
            throw new ValidationException(
                    PARTITIONER.key() + " is '" + options.get(PARTITIONER) + "', but only 'random' is there so far");
        }
        return new KinesisTableSink(
                streamOf(options),
                new SinkSettings(batchSize, positive(options, FLUSH_TIMEOUT)),
                format,
                context.getPhysicalRowDataType());
    }

    private static KinesisStream streamOf(ReadableConfig options) {
        try {
            return KinesisStream.of(
                    options.get(STREAM_ARN), options.getOptional(AWS_REGION), options.getOptional(AWS_ENDPOINT));
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
}
