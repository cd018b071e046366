package spillway.functions;

import org.apache.flink.metrics.Counter;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/** What the functions of sliding heat share: the ring of the key at work, and how long it is kept. */
abstract class HeatFunction extends ProcessTableFunction<Row> {

    private static final long serialVersionUID = 1L;

    transient SecondRing ring;
    /** Not 0 only if a source restored its place in the stream without its watermark. */
    transient Counter behind;

    @Override
    public void open(FunctionContext context) {
        ring = newRing();
        behind = context.getMetricGroup().counter("entriesOfClosedSeconds");
    }

    abstract SecondRing newRing();

    /** Once nothing lies in the window any more, nothing that was said before matters either. */
    final void cleanUpAfter(TimeContext<Long> time) {
        ring.cleanUpSecond(ring.newestSecond() + ring.windowSeconds());
        time.registerOnTime(Seconds.endOf(ring.cleanUpSecond()));
    }

    final boolean isCleanUpDue(long watermarkMs) {
        return Seconds.endOf(ring.cleanUpSecond()) <= watermarkMs;
    }
}
