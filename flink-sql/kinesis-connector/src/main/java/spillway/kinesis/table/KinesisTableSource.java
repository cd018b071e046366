package spillway.kinesis.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.RowKind;
import spillway.kinesis.client.KinesisStream;
import spillway.kinesis.source.InitialPosition;
import spillway.kinesis.source.KinesisSource;
import spillway.kinesis.source.MetadataColumn;
import spillway.kinesis.source.RecordDecoder;
import spillway.kinesis.source.SourceSettings;

/** A stream as a table to read: the format's columns and metadata; the watermark goes into the source. */
final class KinesisTableSource implements ScanTableSource, SupportsReadingMetadata, SupportsWatermarkPushDown {

    private final String table;
    private final KinesisStream stream;
    private final InitialPosition initialPosition;
    private final SourceSettings settings;
    private final DecodingFormat<DeserializationSchema<RowData>> format;
    private final DataType physicalType;
    private List<MetadataColumn> metadata = List.of();
    private WatermarkStrategy<RowData> watermarkStrategy = WatermarkStrategy.noWatermarks();

    KinesisTableSource(
            String table,
            KinesisStream stream,
            InitialPosition initialPosition,
            SourceSettings settings,
            DecodingFormat<DeserializationSchema<RowData>> format,
            DataType physicalType) {
        this.table = table;
        this.stream = stream;
        this.initialPosition = initialPosition;
        this.settings = settings;
        this.format = format;
        this.physicalType = physicalType;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        if (!format.getChangelogMode().containsOnly(RowKind.INSERT)) {
            throw new ValidationException(
                    "the format of " + table + " reads updates and deletes, but the connector kinesis reads inserts only;"
                            + " use a format such as json");
        }
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
    public void applyReadableMetadata(List<String> keys, DataType producedType) {
        metadata = keys.stream().map(MetadataColumn::ofKey).toList();
        if (metadata.contains(MetadataColumn.ERROR)) {
            requireNullable();
        }
    }

    /**
     * The table declares `error` to have records that do not parse as rows. Leaving it out because one query does not
     * read it would make that query fail on them.
     */
    @Override
    public boolean supportsMetadataProjection() {
        return false;
    }

    private void requireNullable() {
        DataType.getFields(physicalType).stream()
                .filter(field -> !field.getDataType().getLogicalType().isNullable())
                .findFirst()
                .ifPresent(
                        field -> {
                            throw new ValidationException(
                                    "column " + field.getName() + " of " + table
                                            + " is NOT NULL, but the rows of records that do not parse, which the column"
                                            + " error asks for, have NULL there; leave NOT NULL out");
                        });
    }

    @Override
    public void applyWatermark(WatermarkStrategy<RowData> strategy) {
        watermarkStrategy = strategy;
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        RecordDecoder decoder =
                new RecordDecoder(
                        format.createRuntimeDecoder(context, physicalType),
                        DataType.getFieldCount(physicalType),
                        metadata,
                        table);
        // Flink gives a source that comes this way no watermarks of its own.
        return SourceProvider.of(
                new KinesisSource(
                        stream,
                        initialPosition.resolve(System.currentTimeMillis()),
                        settings,
                        decoder,
                        watermarkStrategy));
    }

    @Override
    public DynamicTableSource copy() {
        KinesisTableSource copy =
                new KinesisTableSource(table, stream, initialPosition, settings, format, physicalType);
        copy.metadata = metadata;
        copy.watermarkStrategy = watermarkStrategy;
        return copy;
    }

    @Override
    public String asSummaryString() {
        return "Kinesis stream " + stream.name();
    }
}
