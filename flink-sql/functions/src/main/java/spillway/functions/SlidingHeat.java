package spillway.functions;

import java.time.Duration;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;

/**
 * The heat of each key in a sliding window, exact to the second, wherever it is above a limit. It speaks twice:
 *
 * <ul>
 *   <li>once a second is closed (the watermark has passed its end), if the heat at it is above the limit. These rows are
 *       exact: the same that an OVER aggregation of the same window gives.
 *   <li>before that, as soon as the heat at a second that is still open passes the limit: once for consecutive seconds
 *       above it. Entries only add, so that the closed heat at that second is as much or more.
 * </ul>
 *
 * <p>A usage record that is delivered again counts once while its second is open. What comes after its second was
 * closed does not get here: Flink holds rows behind the watermark back from table functions.
 *
 * <p>What the input is partitioned by is a key. Its state is cleared in event time and has no time to live by the wall
 * clock, whatever {@code table.exec.state.ttl} says: it would lose the window of a job that stood still for so long.
 */
@DataTypeHint("ROW<`second` BIGINT, units BIGINT, unit_limit BIGINT, peak_second_units BIGINT, active_seconds BIGINT, "
        + "previous_units BIGINT, previous_second BIGINT, window_seconds BIGINT, is_closed BOOLEAN>")
public class SlidingHeat extends HeatFunction {

    private static final long serialVersionUID = 1L;

    /** What is kept of a key; see {@link SecondRing#write}. */
    public static final class State {
        public byte[] ring;
    }

    @Override
    SecondRing newRing() {
        return new SecondRing();
    }

    /**
     * @param entries partitioned by the key; see {@link EntryColumn}
     * @param window whole seconds
     */
    public void eval(
            Context context,
            @StateHint(ttl = "0 ms") State state,
            @ArgumentHint(
                            value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.REQUIRE_ON_TIME},
                            type = @DataTypeHint(value = EntryColumn.ROW_TYPE, bridgedTo = RowData.class))
                    RowData entries,
            @ArgumentHint(type = @DataTypeHint("INTERVAL SECOND(3)")) @Affects(Affects.What.STATE) Duration window) {
        take(state, window.toSeconds());
        TimeContext<Long> time = context.timeContext(Long.class);
        long limit = EntryColumn.UNIT_LIMIT.of(entries);
        ring.limit(limit);
        Speaker speaker = speaker(time, limit);
        Long watermarkMs = time.currentWatermark();
        if (watermarkMs != null) {
            ring.close(watermarkMs, speaker);
        }
        long second = EntryColumn.SECOND.of(entries);
        if (!ring.add(second, EntryColumn.recordName(entries), EntryColumn.UNITS.of(entries))) {
            behind.inc();
        }
        ring.foresee(speaker);
        if (ring.cleanUpSecond() == 0) {
            cleanUpAfter(time);
        }
        state.ring = ring.write();
    }

    public void onTimer(OnTimerContext context, State state) {
        if (state.ring == null) {
            return;
        }
        ring.read(state.ring);
        TimeContext<Long> time = context.timeContext(Long.class);
        long watermarkMs = time.currentWatermark();
        ring.close(watermarkMs, speaker(time, ring.limit()));
        if (isCleanUpDue(watermarkMs)) {
            cleanUpAfter(time);
            if (isCleanUpDue(watermarkMs)) {
                context.clearAllState();
                return;
            }
        }
        state.ring = ring.write();
    }

    private void take(State state, long windowSeconds) {
        if (state.ring == null) {
            ring.begin(windowSeconds);
            return;
        }
        ring.read(state.ring);
        ring.needWindow(windowSeconds);
    }

    private Speaker speaker(TimeContext<Long> time, long limit) {
        return new Speaker() {
            @Override
            public void state(Heat heat) {
                collect(Row.of(heat.second(), heat.units(), limit, heat.peakSecondUnits(), heat.activeSeconds(),
                        heat.previousUnits(), heat.previousSecond(), ring.windowSeconds(), heat.closed()));
            }

            @Override
            public void wake(long second) {
                time.registerOnTime(Seconds.endOf(second));
            }
        };
    }
}
