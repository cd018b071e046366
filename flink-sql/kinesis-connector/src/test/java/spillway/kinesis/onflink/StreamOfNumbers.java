package spillway.kinesis.onflink;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.formats.common.TimestampFormat;
import org.apache.flink.formats.json.JsonRowDataDeserializationSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import spillway.kinesis.scripted.ScriptedKinesis;
import spillway.kinesis.source.KinesisSource;
import spillway.kinesis.source.MetadataColumn;
import spillway.kinesis.source.RecordDecoder;
import spillway.kinesis.source.SourceSettings;
import spillway.kinesis.source.StartPosition;

/** The source on a scripted stream: JSON with a number, and what does not parse. */
final class StreamOfNumbers {

    private static final RowType NUMBER =
            RowType.of(new LogicalType[] {new BigIntType()}, new String[] {"number"});

    static final InternalTypeInfo<RowData> ROWS =
            InternalTypeInfo.ofFields(new BigIntType(), VarCharType.STRING_TYPE, VarCharType.STRING_TYPE);

    private StreamOfNumbers() {}

    static KinesisSource of(ScriptedKinesis kinesis) {
        return new KinesisSource(
                kinesis.stream(),
                StartPosition.TRIM_HORIZON,
                new SourceSettings(
                        Duration.ofSeconds(1),
                        Duration.ofMillis(20),
                        100,
                        Duration.ofSeconds(1),
                        Duration.ZERO,
                        Duration.ofSeconds(60)),
                new RecordDecoder(
                        new JsonRowDataDeserializationSchema(
                                NUMBER, InternalTypeInfo.of(NUMBER), false, false, TimestampFormat.SQL),
                        1,
                        List.of(MetadataColumn.ERROR, MetadataColumn.PAYLOAD),
                        "usage"),
                WatermarkStrategy.noWatermarks());
    }
}
