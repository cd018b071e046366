package spillway.functions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.dataview.MapView;

/**
 * The seconds of each subject of one key. Those of the first few lie in the key's own state, which is read anyway; those
 * of the others in a map of which an entry touches one, so that its cost does not grow with the subjects.
 *
 * <p>A subject is <em>loud</em> once all its units that are kept are more than the limit: only then can it be above the
 * limit alone, at whatever second. There are never many: together the loud ones hold no more than the key.
 *
 * <p>One object serves all keys in turn.
 */
final class SubjectRings {

    private static final int MOST_INSIDE = 4;

    private static final class Inside {
        private String subject;
        private byte[] content;
    }

    private final RingBytes bytes = new RingBytes();
    /** Those of the subject that was asked for last. */
    private final Seconds seconds = new Seconds();
    private String asked;
    private final List<Inside> inside = new ArrayList<>();
    private final List<String> loud = new ArrayList<>();
    private MapView<String, byte[]> outside;
    private long outsideCount;
    private long windowSeconds;

    /** Those of a key that has none. */
    void begin(long window, MapView<String, byte[]> further) {
        windowSeconds = window;
        outside = further;
        outsideCount = 0;
        inside.clear();
        loud.clear();
        asked = null;
    }

    void read(RingBytes from, long window, MapView<String, byte[]> further) {
        begin(window, further);
        for (long left = from.number(); left > 0; left--) {
            addInside(from.text(), from.block());
        }
        outsideCount = from.number();
        for (long left = from.number(); left > 0; left--) {
            loud.add(from.text());
        }
    }

    void write(RingBytes to) {
        to.number(inside.size());
        for (Inside each : inside) {
            to.text(each.subject);
            to.block(each.content);
        }
        to.number(outsideCount);
        to.number(loud.size());
        loud.forEach(to::text);
    }

    boolean hasOutside() {
        return outsideCount > 0;
    }

    /**
     * Takes an entry of a usage record into a second that is not closed for the key.
     *
     * @param watermarkMs closes seconds of the subject as it closed those of the key; null before there is one
     * @return how many units it adds: none where the record was there already
     */
    long add(String subject, long second, long name, long units, Long watermarkMs, long limit) throws Exception {
        Inside place = insideOf(subject);
        byte[] known = place != null ? place.content : outsideCount > 0 ? outside.get(subject) : null;
        ask(subject, known);
        while (watermarkMs != null && seconds.hasToClose(watermarkMs)) {
            seconds.closeFirst(windowSeconds);
        }
        long added = seconds.add(second, name, units);
        bytes.clear();
        seconds.write(bytes);
        byte[] content = bytes.toArray();
        if (place != null) {
            place.content = content;
        } else if (known == null && inside.size() < MOST_INSIDE) {
            addInside(subject, content);
        } else {
            outside.put(subject, content);
            outsideCount += known == null ? 1 : 0;
        }
        if (seconds.total() > limit && !loud.contains(subject)) {
            loud.add(subject);
        }
        return added;
    }

    /** Whether one subject alone is above the limit in the window that ends with that second. */
    boolean isOneAbove(long second, long limit) throws Exception {
        for (int index = 0; index < loud.size(); index++) {
            String subject = loud.get(index);
            if (!subject.equals(asked)) {
                Inside place = insideOf(subject);
                ask(subject, place != null ? place.content : outside.get(subject));
            }
            if (heat(subject, second).units() > limit) {
                // The same one is likely to answer for the next second.
                Collections.swap(loud, 0, index);
                return true;
            }
        }
        return false;
    }

    /** The subjects that wrote in the window that ends with that second: the most units first; of equal ones the name decides. */
    List<SubjectHeat> ranked(long second) throws Exception {
        List<SubjectHeat> heats = new ArrayList<>();
        for (Inside each : inside) {
            ask(each.subject, each.content);
            heats.add(heat(each.subject, second));
        }
        if (outsideCount > 0) {
            for (Map.Entry<String, byte[]> each : outside.entries()) {
                ask(each.getKey(), each.getValue());
                heats.add(heat(each.getKey(), second));
            }
        }
        heats.removeIf(heat -> heat.activeSeconds() == 0);
        heats.sort(Comparator.comparingLong(SubjectHeat::units).reversed().thenComparing(SubjectHeat::subject));
        return heats;
    }

    /** Forgets who did not write in the window that ends with that second or since, and finds out anew who is loud. */
    void sweep(long second, long limit) throws Exception {
        loud.clear();
        inside.removeIf(each -> isSilent(each.subject, each.content, second, limit));
        if (outsideCount == 0) {
            return;
        }
        List<String> silent = new ArrayList<>();
        outsideCount = 0;
        for (Map.Entry<String, byte[]> each : outside.entries()) {
            outsideCount++;
            if (isSilent(each.getKey(), each.getValue(), second, limit)) {
                silent.add(each.getKey());
            }
        }
        for (String subject : silent) {
            outside.remove(subject);
            outsideCount--;
        }
    }

    private boolean isSilent(String subject, byte[] content, long second, long limit) {
        ask(subject, content);
        long units = 0;
        int from = seconds.firstAfter(second - windowSeconds);
        for (int index = from; index < seconds.count(); index++) {
            units += seconds.unitsAt(index);
        }
        if (units > limit) {
            loud.add(subject);
        }
        return from == seconds.count();
    }

    /** Of the subject that was asked for. */
    private SubjectHeat heat(String subject, long second) {
        long units = 0;
        long peak = 0;
        int until = seconds.firstAfter(second);
        int from = seconds.firstAfter(second - windowSeconds);
        for (int index = from; index < until; index++) {
            units += seconds.unitsAt(index);
            peak = Math.max(peak, seconds.unitsAt(index));
        }
        return new SubjectHeat(subject, units, peak, until - from);
    }

    private void ask(String subject, byte[] content) {
        asked = subject;
        if (content == null) {
            seconds.begin();
        } else {
            bytes.from(content);
            seconds.read(bytes);
        }
    }

    private Inside insideOf(String subject) {
        for (Inside each : inside) {
            if (each.subject.equals(subject)) {
                return each;
            }
        }
        return null;
    }

    private void addInside(String subject, byte[] content) {
        Inside added = new Inside();
        added.subject = subject;
        added.content = content;
        inside.add(added);
    }
}
