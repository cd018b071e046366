package spillway.kinesis.table;

import java.util.Map;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import spillway.kinesis.client.KinesisStream;
import spillway.kinesis.sink.KinesisSink;
import spillway.kinesis.sink.PartitionKeys;
import spillway.kinesis.sink.SinkSettings;

/** A stream as a table to write; takes inserts only. */
record KinesisTableSink(
        KinesisStream stream,
        SinkSettings settings,
        PartitionKeys<RowData> keys,
        EncodingFormat<SerializationSchema<RowData>> format,
        DataType physicalType)
        implements DynamicTableSink, SupportsPartitioning {

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        return ChangelogMode.insertOnly();
    }

    /** `INSERT INTO … PARTITION (…)`: Flink puts those values into the rows, where the key is taken from. */
    @Override
    public void applyStaticPartition(Map<String, String> partition) {}

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        return SinkV2Provider.of(
                new KinesisSink<>(stream, settings, keys, format.createRuntimeEncoder(context, physicalType)));
    }

    @Override
    public DynamicTableSink copy() {
        return new KinesisTableSink(stream, settings, keys, format, physicalType);
    }

    @Override
    public String asSummaryString() {
        return "Kinesis stream " + stream.name();
    }
}
