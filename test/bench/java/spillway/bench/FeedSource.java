package spillway.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.source.legacy.RichSourceFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.table.data.RowData;

/** Delivers a feed. Like the Kinesis source it keeps its place and its watermark, and gives both back when restored. */
final class FeedSource extends RichSourceFunction<RowData> implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    private final String run;
    private final List<String> metadataKeys;
    private transient ListState<Long> kept;
    private long next;
    private long watermarkMs = Long.MIN_VALUE;
    private volatile boolean running = true;

    FeedSource(String run, List<String> metadataKeys) {
        this.run = run;
        this.metadataKeys = List.copyOf(metadataKeys);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        kept = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("place", Types.LONG));
        int index = 0;
        for (long value : kept.get()) {
            if (index++ == 0) {
                next = value;
            } else {
                watermarkMs = value;
            }
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        kept.update(List.of(next, watermarkMs));
    }

    @Override
    public void run(SourceContext<RowData> context) throws Exception {
        Feed feed = Feed.of(run);
        if (watermarkMs > Long.MIN_VALUE) {
            context.emitWatermark(new Watermark(watermarkMs));
        }
        while (running && next < feed.size()) {
            pass(feed.gate(next));
            if (!running) {
                return;
            }
            synchronized (context.getCheckpointLock()) {
                context.collect(feed.row(next, metadataKeys));
                long after = feed.watermarkAfter(next);
                if (after > watermarkMs) {
                    watermarkMs = after;
                    context.emitWatermark(new Watermark(after));
                }
                next++;
            }
        }
        pass(feed.gate(next));
    }

    private void pass(Feed.Gate gate) throws InterruptedException {
        if (gate != null) {
            gate.reached.countDown();
            while (running && !gate.opened.await(50, TimeUnit.MILLISECONDS)) {
                // Looks again whether the job was ended.
            }
        }
    }

    @Override
    public void cancel() {
        running = false;
    }
}
