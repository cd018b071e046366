package spillway.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

/** Stands in for the Kinesis source; the feed says what the watermark is. */
public final class FeedTableFactory implements DynamicTableSourceFactory {

    private static final ConfigOption<String> RUN = ConfigOptions.key("run").stringType().noDefaultValue();

    @Override
    public String factoryIdentifier() {
        return "feed";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(RUN);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        return new FeedTable(
                FactoryUtil.createTableFactoryHelper(this, context).getOptions().get(RUN), context.getPhysicalRowDataType(), List.of());
    }

    private static final class FeedTable implements ScanTableSource, SupportsReadingMetadata, SupportsWatermarkPushDown {

        private final String run;
        private DataType produced;
        private List<String> metadataKeys;

        FeedTable(String run, DataType produced, List<String> metadataKeys) {
            this.run = run;
            this.produced = produced;
            this.metadataKeys = metadataKeys;
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
            produced = type;
        }

        @Override
        public void applyWatermark(WatermarkStrategy<RowData> strategy) {
            // The feed's own watermarks are those of the same delay, over several shards.
        }

        @Override
        public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
            TypeInformation<RowData> type = context.createTypeInformation(produced);
            return new DataStreamScanProvider() {
                @Override
                @SuppressWarnings("deprecation")
                public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment environment) {
                    return environment.addSource(new FeedSource(run, metadataKeys), "feed", type).uid("feed");
                }

                @Override
                public boolean isBounded() {
                    return false;
                }
            };
        }

        @Override
        public DynamicTableSource copy() {
            return new FeedTable(run, produced, metadataKeys);
        }

        @Override
        public String asSummaryString() {
            return "feed";
        }
    }
}
