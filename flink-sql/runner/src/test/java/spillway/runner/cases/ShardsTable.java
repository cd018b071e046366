package spillway.runner.cases;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
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
import org.apache.flink.streaming.api.functions.source.legacy.SourceFunction;
import spillway.kinesis.source.MetadataColumn;
import spillway.kinesis.source.RecordDecoder;
import spillway.kinesis.source.SourceSettings;

/** The table that a script or a file stands behind: the Kinesis table's columns and metadata, with the watermark inside the source. */
final class ShardsTable implements ScanTableSource, SupportsReadingMetadata, SupportsWatermarkPushDown {

    private final ShardsTableFactory sources;
    private final String run;
    private final SourceSettings settings;
    private final DecodingFormat<DeserializationSchema<RowData>> format;
    private final DataType physicalType;
    private List<MetadataColumn> metadata = List.of();
    private DataType producedType;
    private WatermarkStrategy<RowData> watermarks = WatermarkStrategy.noWatermarks();

    ShardsTable(
            ShardsTableFactory sources,
            String run,
            SourceSettings settings,
            DecodingFormat<DeserializationSchema<RowData>> format,
            DataType physicalType) {
        this.sources = sources;
        this.run = run;
        this.settings = settings;
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
        Map<String, DataType> types = new LinkedHashMap<>();
        for (MetadataColumn column : MetadataColumn.values()) {
            types.put(column.key(), column.type());
        }
        return types;
    }

    @Override
    public void applyReadableMetadata(List<String> keys, DataType type) {
        metadata = keys.stream().map(MetadataColumn::ofKey).toList();
        producedType = type;
    }

    @Override
    public boolean supportsMetadataProjection() {
        return false;
    }

    @Override
    public void applyWatermark(WatermarkStrategy<RowData> strategy) {
        watermarks = strategy;
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        RecordDecoder decoder =
                new RecordDecoder(
                        format.createRuntimeDecoder(context, physicalType),
                        DataType.getFieldCount(physicalType),
                        metadata,
                        sources.factoryIdentifier());
        SourceFunction<RowData> source = sources.source(run, decoder, watermarks, settings);
        TypeInformation<RowData> type = context.createTypeInformation(producedType);
        return new DataStreamScanProvider() {
            @Override
            @SuppressWarnings("deprecation")
            public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment environment) {
                DataStreamSource<RowData> stream = environment.addSource(source, sources.factoryIdentifier(), type);
                return stream.setParallelism(1);
            }

            @Override
            public boolean isBounded() {
                return false;
            }
        };
    }

    @Override
    public DynamicTableSource copy() {
        ShardsTable copy = new ShardsTable(sources, run, settings, format, physicalType);
        copy.metadata = metadata;
        copy.producedType = producedType;
        copy.watermarks = watermarks;
        return copy;
    }

    @Override
    public String asSummaryString() {
        return sources.factoryIdentifier();
    }
}
