package spillway.runner.scripted;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Stands in for the Kinesis source: delivers the records of a script in their order, then ends. Like the Kinesis
 * source it takes over the watermark and offers the metadata {@code error}, {@code payload} and {@code
 * arrival-time}; the options of the Kinesis source, which stay in the table, mean nothing to it.
 */
public final class ScriptedSourceFactory implements DynamicTableSourceFactory {

    private static final ConfigOption<String> RUN = ConfigOptions.key("run").stringType().noDefaultValue();

    @Override
    public String factoryIdentifier() {
        return "scripted";
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
        FactoryUtil.TableFactoryHelper options = FactoryUtil.createTableFactoryHelper(this, context);
        return new ScriptedSource(
                options.getOptions().get(RUN),
                options.discoverDecodingFormat(DeserializationFormatFactory.class, FactoryUtil.FORMAT),
                context.getPhysicalRowDataType());
    }
}
