package spillway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;

/** Stands in for the Kinesis sink: keeps the rows in this JVM, in the order in which each task wrote them. */
public final class KeepingTableFactory implements DynamicTableSinkFactory {

    private static final ConfigOption<String> RUN = ConfigOptions.key("run").stringType().noDefaultValue();
    private static final Map<String, List<Row>> KEPT = new ConcurrentHashMap<>();

    /** The rows that a table took in a run, and forgets them. */
    static List<Row> take(String run, String table) {
        List<Row> kept = KEPT.computeIfAbsent(run + "/" + table, key -> new ArrayList<>());
        synchronized (kept) {
            List<Row> taken = List.copyOf(kept);
            kept.clear();
            return taken;
        }
    }

    @Override
    public String factoryIdentifier() {
        return "keeping";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(RUN);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of(FactoryUtil.FORMAT);
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        String run = FactoryUtil.createTableFactoryHelper(this, context).getOptions().get(RUN);
        String name = run + "/" + context.getObjectIdentifier().getObjectName();
        return new KeepingTable(name, context.getPhysicalRowDataType());
    }

    private record KeepingTable(String name, DataType type) implements DynamicTableSink {

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return ChangelogMode.insertOnly();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            return SinkV2Provider.of(new KeepingSink(name, context.createDataStructureConverter(type)));
        }

        @Override
        public DynamicTableSink copy() {
            return this;
        }

        @Override
        public String asSummaryString() {
            return "keeping";
        }
    }

    private record KeepingSink(String name, DynamicTableSink.DataStructureConverter converter) implements Sink<RowData> {

        @Override
        public SinkWriter<RowData> createWriter(WriterInitContext init) {
            List<Row> kept = KEPT.computeIfAbsent(name, key -> new ArrayList<>());
            return new SinkWriter<>() {
                @Override
                public void write(RowData row, Context writeContext) {
                    synchronized (kept) {
                        kept.add((Row) converter.toExternal(row));
                    }
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}
