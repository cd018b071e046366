package spillway.runner.scripted;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

final class ScriptedSource implements ScanTableSource, SupportsReadingMetadata, SupportsWatermarkPushDown {

    private final String run;
    private final DecodingFormat<DeserializationSchema<RowData>> format;
    private final DataType physicalType;
    private List<String> metadataKeys = List.of();
    private DataType producedType;
    private WatermarkStrategy<RowData> watermarks = WatermarkStrategy.noWatermarks();

    ScriptedSource(String run, DecodingFormat<DeserializationSchema<RowData>> format, DataType physicalType) {
        this.run = run;
        this.format = format;
        this.physicalType = physicalType;
        this.producedType = physicalType;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return ChangelogMode.insertOnly();
    }

    @Override
    public Map<String, DataType> listReadableMetadata() {
        Map<String, DataType> metadata = new LinkedHashMap<>();
        metadata.put("error", DataTypes.STRING());
        metadata.put("payload", DataTypes.STRING());
        metadata.put("arrival-time", DataTypes.TIMESTAMP_LTZ(3));
        return metadata;
    }

    @Override
    public void applyReadableMetadata(List<String> keys, DataType type) {
        metadataKeys = keys;
        producedType = type;
    }

    @Override
    public void applyWatermark(WatermarkStrategy<RowData> strategy) {
        watermarks = strategy;
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        DeserializationSchema<RowData> schema = format.createRuntimeDecoder(context, physicalType);
        TypeInformation<RowData> type = context.createTypeInformation(producedType);
        int physicalFields = physicalType.getChildren().size();
        return new DataStreamScanProvider() {
            @Override
            public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment environment) {
                return environment.fromData(Script.deliveries(run))
                        .setParallelism(1)
                        .process(new DecodeDelivery(schema, physicalFields, metadataKeys))
                        .returns(type)
                        .setParallelism(1)
                        .assignTimestampsAndWatermarks(watermarks)
                        .setParallelism(1);
            }

            @Override
            public boolean isBounded() {
                return true;
            }
        };
    }

    @Override
    public DynamicTableSource copy() {
        ScriptedSource copy = new ScriptedSource(run, format, physicalType);
        copy.metadataKeys = metadataKeys;
        copy.producedType = producedType;
        copy.watermarks = watermarks;
        return copy;
    }

    @Override
    public String asSummaryString() {
        return "scripted";
    }
}
