package spillway.functions;

import java.time.Duration;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;

/**
 * The heat of each key in a sliding window, and of its subjects, wherever the key is above a limit and none of its subjects
 * is above it alone: then the key is <em>shared</em>. One row for each of the hottest subjects, at the same times as
 * {@link SlidingHeat} speaks of a key: once a second is closed, and before that, once, as soon as an open second is shared.
 *
 * <p>Entries that are still to come only add. So a second that is shared while it is open stays above the limit, but one
 * subject may then be above it alone: that second is not stated again.
 *
 * <p>Usage records count once, seconds close, and state is cleared as in {@link SlidingHeat}. What the input is partitioned
 * by is a key; a subject that falls silent within it is forgotten a window later or two.
 */
@DataTypeHint("ROW<`second` BIGINT, key_units BIGINT, unit_limit BIGINT, subject STRING, units BIGINT, "
        + "peak_second_units BIGINT, active_seconds BIGINT, heat_rank BIGINT, was_shared BOOLEAN, previous_second BIGINT, "
        + "window_seconds BIGINT, is_closed BOOLEAN>")
public class SharedHeat extends HeatFunction {

    private static final long serialVersionUID = 1L;

    /** What is kept of a key; see {@link SharedRing#write}. */
    public static final class State {
        public byte[] ring;
    }

    private transient SharedRing shared;

    @Override
    SecondRing newRing() {
        shared = new SharedRing();
        return shared.key();
    }

    /**
     * @param entries partitioned by the key; see {@link EntryColumn}
     * @param window whole seconds
     */
    public void eval(
            Context context,
            @StateHint(ttl = "0 ms") State state,
            @StateHint(ttl = "0 ms") MapView<String, byte[]> furtherSubjects,
            @ArgumentHint(
                            value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.REQUIRE_ON_TIME},
                            type = @DataTypeHint(value = EntryColumn.ROW_TYPE, bridgedTo = RowData.class))
                    RowData entries,
            @ArgumentHint(type = @DataTypeHint("INTERVAL SECOND(3)")) @Affects(Affects.What.STATE) Duration window)
            throws Exception {
        long limit = EntryColumn.UNIT_LIMIT.of(entries);
        if (state.ring == null) {
            shared.begin(window.toSeconds(), limit, furtherSubjects);
        } else {
            shared.read(state.ring, furtherSubjects);
            ring.needWindow(window.toSeconds());
            shared.limit(limit);
        }
        TimeContext<Long> time = context.timeContext(Long.class);
        Speaker speaker = speaker(time);
        Long watermarkMs = time.currentWatermark();
        if (watermarkMs != null) {
            ring.close(watermarkMs, speaker);
        }
        String subject = entries.getString(EntryColumn.SUBJECT.ordinal()).toString();
        long second = EntryColumn.SECOND.of(entries);
        if (!shared.add(subject, second, EntryColumn.recordName(entries), EntryColumn.UNITS.of(entries), watermarkMs)) {
            behind.inc();
        }
        ring.foresee(speaker);
        if (ring.cleanUpSecond() == 0) {
            cleanUpAfter(time);
        }
        state.ring = shared.write();
    }

    public void onTimer(OnTimerContext context, State state, MapView<String, byte[]> furtherSubjects) throws Exception {
        if (state.ring == null) {
            return;
        }
        shared.read(state.ring, furtherSubjects);
        TimeContext<Long> time = context.timeContext(Long.class);
        long watermarkMs = time.currentWatermark();
        ring.close(watermarkMs, speaker(time));
        if (isCleanUpDue(watermarkMs)) {
            cleanUpAfter(time);
            if (isCleanUpDue(watermarkMs)) {
                clear(context);
                return;
            }
            shared.sweep();
        }
        state.ring = shared.write();
    }

    /** Most keys have no further subjects, and to look for some would cost more than all the rest. */
    private void clear(OnTimerContext context) {
        if (shared.hasFurther()) {
            context.clearAllState();
        } else {
            context.clearState("state");
        }
    }

    private Speaker speaker(TimeContext<Long> time) {
        return new Speaker() {
            @Override
            public void state(Heat heat) {
                boolean wasShared = shared.wasShared(heat);
                long rank = 0;
                for (SubjectHeat subject : shared.named(heat)) {
                    collect(Row.of(heat.second(), heat.units(), ring.limit(), subject.subject(), subject.units(),
                            subject.peakSecondUnits(), subject.activeSeconds(), ++rank, wasShared, heat.previousSecond(),
                            ring.windowSeconds(), heat.closed()));
                }
            }

            @Override
            public void wake(long second) {
                time.registerOnTime(Seconds.endOf(second));
            }
        };
    }
}
