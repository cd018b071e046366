package spillway.runner.cases;

import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.functions.source.legacy.SourceFunction;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import spillway.kinesis.source.RecordDecoder;
import spillway.kinesis.source.SourceSettings;
import spillway.kinesis.table.KinesisOptions;

/**
 * Stands in for the Kinesis source in a case: the same options of time, and a script in place of the stream. The other
 * options, which stay in the table, mean nothing to it.
 */
public class ShardsTableFactory implements DynamicTableSourceFactory {

    private static final ConfigOption<String> RUN = ConfigOptions.key("run").stringType().noDefaultValue();

    @Override
    public String factoryIdentifier() {
        return "scripted-shards";
    }

    /** What reads in the place of the Kinesis source. */
    protected SourceFunction<RowData> source(
            String run, RecordDecoder decoder, WatermarkStrategy<RowData> watermarks, SourceSettings settings) {
        return new ShardsSource(run, decoder, watermarks, settings);
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(RUN, FactoryUtil.FORMAT);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        Configuration options = Configuration.fromMap(context.getCatalogTable().getOptions());
        SourceSettings settings =
                new SourceSettings(
                        options.get(KinesisOptions.DISCOVERY_INTERVAL),
                        options.get(KinesisOptions.POLL_INTERVAL),
                        options.get(KinesisOptions.RECORDS_PER_READ),
                        options.get(KinesisOptions.IDLE_TIMEOUT),
                        options.get(KinesisOptions.SILENCE),
                        options.get(KinesisOptions.LAG_TIMEOUT));
        return new ShardsTable(
                this,
                helper.getOptions().get(RUN),
                settings,
                helper.discoverDecodingFormat(DeserializationFormatFactory.class, FactoryUtil.FORMAT),
                context.getPhysicalRowDataType());
    }
}
