package spillway.runner.cases;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.functions.source.legacy.SourceFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.table.data.RowData;
import spillway.kinesis.source.RecordDecoder;
import spillway.kinesis.source.ScriptedReader;
import spillway.kinesis.source.SourceSettings;

/** Hands on what the case's script holds, then waits to be stopped: an end of the stream would close all windows. */
final class ShardsSource implements SourceFunction<RowData> {

    private static final long serialVersionUID = 1L;

    private final String run;
    private final RecordDecoder decoder;
    private final WatermarkStrategy<RowData> watermarks;
    private final SourceSettings settings;
    private volatile boolean running = true;

    ShardsSource(String run, RecordDecoder decoder, WatermarkStrategy<RowData> watermarks, SourceSettings settings) {
        this.run = run;
        this.decoder = decoder;
        this.watermarks = watermarks;
        this.settings = settings;
    }

    @Override
    public void run(SourceContext<RowData> context) throws Exception {
        CaseScript script = CaseScript.of(run);
        synchronized (context.getCheckpointLock()) {
            ScriptedReader reader =
                    new ScriptedReader(decoder, watermarks, settings, script.shards(), script.from(), output(context));
            reader.read(script.records());
            if (script.isLast()) {
                reader.readNothing(settings.silence().plus(settings.idleTimeout()).plusSeconds(2).toMillis());
            }
            script.read().complete(reader.progress());
        }
        synchronized (this) {
            while (running) {
                wait();
            }
        }
    }

    @Override
    public synchronized void cancel() {
        running = false;
        notifyAll();
    }

    private static ScriptedReader.Output output(SourceContext<RowData> context) {
        return new ScriptedReader.Output() {
            @Override
            public void row(RowData row, long arrivalMs) {
                context.collectWithTimestamp(row, arrivalMs);
            }

            @Override
            public void watermark(long watermarkMs) {
                context.emitWatermark(new Watermark(watermarkMs));
            }
        };
    }
}
