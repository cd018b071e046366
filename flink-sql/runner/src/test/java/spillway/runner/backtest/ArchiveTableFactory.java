package spillway.runner.backtest;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.functions.source.legacy.SourceFunction;
import org.apache.flink.table.data.RowData;
import spillway.kinesis.source.RecordDecoder;
import spillway.kinesis.source.SourceSettings;
import spillway.runner.cases.ShardsTableFactory;

/** Stands in for the Kinesis source in a backtest: the same options of time, and a file of records in place of the stream. */
public final class ArchiveTableFactory extends ShardsTableFactory {

    @Override
    public String factoryIdentifier() {
        return "archive";
    }

    @Override
    protected SourceFunction<RowData> source(
            String run, RecordDecoder decoder, WatermarkStrategy<RowData> watermarks, SourceSettings settings) {
        return new ArchiveSource(run, decoder, watermarks, settings);
    }
}
