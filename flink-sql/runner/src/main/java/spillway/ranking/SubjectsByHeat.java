package spillway.ranking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.types.Row;

/**
 * The subjects of a key by what they wrote in the frame, as {@code (subject, units, peak_second_units, active_seconds,
 * heat_rank)}: the one with the most units first; of equal ones the name decides, so that every run ranks alike. Takes
 * one array of (subject, units) for each second, each subject at most once in it.
 *
 * <p>It can be taken back, for a sliding frame. Its state is per key one entry for each subject in the frame, with how
 * often each number of units came in one second.
 */
@FunctionHint(
        output =
                @DataTypeHint(
                        "ARRAY<ROW<subject STRING, units BIGINT, peak_second_units BIGINT, active_seconds BIGINT, heat_rank BIGINT>>"))
public final class SubjectsByHeat extends AggregateFunction<Row[], SubjectsByHeat.Frame> {

    private static final long serialVersionUID = 1L;

    /** So many can hold one percent each, and fewer than one percent cannot be asked for. */
    private static final int MOST_SUBJECTS = 100;

    /** What the seconds of the frame hold: by subject, how often which units. */
    public static final class Frame {
        public MapView<String, Map<Long, Long>> seconds = new MapView<>();
    }

    private record Heat(String subject, long units, long peakSecondUnits, long activeSeconds) {

        static Heat of(String subject, Map<Long, Long> timesByUnits) {
            long units = 0;
            long peak = 0;
            long active = 0;
            for (Map.Entry<Long, Long> second : timesByUnits.entrySet()) {
                units += second.getKey() * second.getValue();
                peak = Math.max(peak, second.getKey());
                active += second.getValue();
            }
            return new Heat(subject, units, peak, active);
        }
    }

    @Override
    public Frame createAccumulator() {
        return new Frame();
    }

    public void accumulate(Frame frame, @DataTypeHint("ARRAY<ROW<subject STRING, units BIGINT>>") Row[] second)
            throws Exception {
        add(frame, second, 1);
    }

    public void retract(Frame frame, @DataTypeHint("ARRAY<ROW<subject STRING, units BIGINT>>") Row[] second)
            throws Exception {
        add(frame, second, -1);
    }

    private static void add(Frame frame, Row[] second, long times) throws Exception {
        for (Row entry : second) {
            String subject = entry.getFieldAs(0);
            Long units = entry.getFieldAs(1);
            Map<Long, Long> known = frame.seconds.get(subject);
            Map<Long, Long> timesByUnits = known == null ? new HashMap<>() : new HashMap<>(known);
            timesByUnits.merge(units, times, Long::sum);
            timesByUnits.remove(units, 0L);
            if (timesByUnits.isEmpty()) {
                frame.seconds.remove(subject);
            } else {
                frame.seconds.put(subject, timesByUnits);
            }
        }
    }

    @Override
    public Row[] getValue(Frame frame) {
        List<Heat> heats = new ArrayList<>();
        try {
            for (Map.Entry<String, Map<Long, Long>> subject : frame.seconds.entries()) {
                heats.add(Heat.of(subject.getKey(), subject.getValue()));
            }
        } catch (Exception cause) {
            throw new IllegalStateException("the units of the subjects cannot be read from Flink's state", cause);
        }
        heats.sort(Comparator.comparingLong(Heat::units).reversed().thenComparing(Heat::subject));
        int count = Math.min(heats.size(), MOST_SUBJECTS);
        Row[] rows = new Row[count];
        for (int index = 0; index < count; index++) {
            Heat heat = heats.get(index);
            rows[index] =
                    Row.of(heat.subject(), heat.units(), heat.peakSecondUnits(), heat.activeSeconds(), index + 1L);
        }
        return rows;
    }
}
