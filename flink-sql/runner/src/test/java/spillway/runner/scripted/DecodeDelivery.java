package spillway.runner.scripted;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.flink.util.Collector;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.UserCodeClassLoader;

/** A delivery as a row: what the format reads, then the metadata columns that the table declares. */
final class DecodeDelivery extends ProcessFunction<Delivery, RowData> {

    private static final long serialVersionUID = 1L;

    private final DeserializationSchema<RowData> schema;
    private final int physicalFields;
    private final List<String> metadataKeys;

    DecodeDelivery(DeserializationSchema<RowData> schema, int physicalFields, List<String> metadataKeys) {
        this.schema = schema;
        this.physicalFields = physicalFields;
        this.metadataKeys = List.copyOf(metadataKeys);
    }

    @Override
    public void open(OpenContext openContext) throws Exception {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        schema.open(new DeserializationSchema.InitializationContext() {
            @Override
            public MetricGroup getMetricGroup() {
                return metrics;
            }

            @Override
            public UserCodeClassLoader getUserCodeClassLoader() {
                return SimpleUserCodeClassLoader.create(DecodeDelivery.class.getClassLoader());
            }
        });
    }

    @Override
    public void processElement(Delivery delivery, Context context, Collector<RowData> output) {
        GenericRowData metadata = new GenericRowData(metadataKeys.size());
        RowData physical;
        String error = null;
        try {
            physical = schema.deserialize(delivery.text().getBytes(StandardCharsets.UTF_8));
        } catch (IOException cause) {
            physical = new GenericRowData(physicalFields);
            error = cause.getMessage();
        }
        for (int index = 0; index < metadataKeys.size(); index++) {
            metadata.setField(index, switch (metadataKeys.get(index)) {
                case "error" -> StringData.fromString(error);
                case "payload" -> error == null ? null : StringData.fromString(delivery.text());
                case "arrival-time" -> TimestampData.fromEpochMillis(delivery.arrivalMs());
                default -> throw new IllegalStateException("unknown metadata " + metadataKeys.get(index));
            });
        }
        output.collect(new JoinedRowData(physical, metadata));
    }
}
