package spillway.functions;

import java.util.function.LongPredicate;
import org.apache.flink.table.api.TableRuntimeException;

/**
 * The write units of one key by the second, as far back as the window reaches, and the heat at each: an excess wherever it
 * is above the limit, unless that second is left to somebody else.
 *
 * <p>One object serves all keys in turn: {@link #read} and {@link #write} take the key's own content in and out.
 */
final class SecondRing {

    /** Goes through the seconds in their order, with the heat at each. */
    private final class Walk {
        /** Index of the oldest second inside the window. */
        private int from;
        private long units;
        private long previousUnits;
        private long previousSecond;
        private boolean hasPrevious;

        private void step(int index) {
            hasPrevious = index > 0;
            previousUnits = units;
            previousSecond = hasPrevious ? seconds.secondAt(index - 1) : 0;
            units += seconds.unitsAt(index);
            while (seconds.secondAt(from) <= seconds.secondAt(index) - windowSeconds) {
                units -= seconds.unitsAt(from++);
            }
        }

        /** Of an excess: whether it begins at this second, and does not only go on. */
        private boolean begins(int index) {
            return !hasPrevious
                    || previousSecond <= seconds.secondAt(index) - windowSeconds
                    || !isExcess(previousSecond, previousUnits);
        }

        private Heat heat(int index, boolean closed) {
            return new Heat(seconds.secondAt(index), units, peak(from, index), index - from + 1L,
                    hasPrevious ? previousUnits : null, hasPrevious ? previousSecond : null, closed);
        }
    }

    private final RingBytes bytes = new RingBytes();
    private final Seconds seconds = new Seconds();
    private final LongPredicate isLeftOut;
    private long windowSeconds;
    private long unitLimit;
    /** When the timer that clears a silent key fires, in epoch seconds. */
    private long cleanUpSecond;

    SecondRing() {
        this(second -> false);
    }

    /**
     * @param isLeftOut asked of seconds whose heat is above the limit: whether it is somebody else's to state. Once it is,
     *     further entries leave it so
     */
    SecondRing(LongPredicate isLeftOut) {
        this.isLeftOut = isLeftOut;
    }

    /** An empty one. */
    void begin(long window) {
        windowSeconds = window;
        cleanUpSecond = 0;
        seconds.begin();
    }

    long windowSeconds() {
        return windowSeconds;
    }

    /** @throws TableRuntimeException if it was built for another window, whose seconds it does not hold */
    void needWindow(long needed) {
        if (windowSeconds != needed) {
            throw new TableRuntimeException("The state was built for a window of " + windowSeconds
                    + " s and cannot serve one of " + needed + " s: bring this change in by a rollout that drops the"
                    + " state and reads the window again (replay or handover)");
        }
    }

    /** Heat up to it is not worth a word. */
    void limit(long units) {
        unitLimit = units;
    }

    long limit() {
        return unitLimit;
    }

    long cleanUpSecond() {
        return cleanUpSecond;
    }

    void cleanUpSecond(long second) {
        cleanUpSecond = second;
    }

    /** The last second that holds an entry. */
    long newestSecond() {
        return seconds.secondAt(seconds.count() - 1);
    }

    /** The last one that holds an entry and is closed; 0 if there is none. */
    long newestClosedSecond() {
        return seconds.closedCount() == 0 ? 0 : seconds.secondAt(seconds.closedCount() - 1);
    }

    /** Whether no entry of that second is taken any more. */
    boolean isClosed(long second) {
        return seconds.isClosed(second);
    }

    /** Closes the seconds that the watermark has passed, and states the heat of each excess. */
    void close(long watermarkMs, Speaker speaker) {
        while (seconds.hasToClose(watermarkMs)) {
            closeOne(speaker);
        }
    }

    /**
     * Adds an entry of a usage record to its second.
     *
     * @return false if the second was closed already, so that the entry counts nowhere
     */
    boolean add(long second, long name, long units) {
        if (isClosed(second)) {
            return false;
        }
        seconds.add(second, name, units);
        return true;
    }

    /** Adds units to a second that is not closed; which usage record they are of is known elsewhere. */
    void add(long second, long units) {
        seconds.add(second, units);
    }

    /**
     * States, for open seconds, that there is an excess already: once for consecutive ones. Asks to be woken at the end of
     * each of them.
     */
    void foresee(Speaker speaker) {
        if (seconds.total() <= unitLimit) {
            return;
        }
        Walk walk = new Walk();
        OpenSecond first = null;
        Heat heat = null;
        for (int index = 0; index < seconds.count(); index++) {
            walk.step(index);
            if (index < seconds.closedCount()) {
                continue;
            }
            OpenSecond here = seconds.openAt(index);
            boolean isExcess = isExcess(here.second, walk.units);
            boolean begins = isExcess && walk.begins(index);
            if (first != null && (begins || !isExcess)) {
                first.stated = true;
                speaker.state(heat);
                first = null;
            }
            if (here.stated) {
                first = null;
            } else if (begins) {
                first = here;
                heat = walk.heat(index, false);
            }
            if (isExcess && !here.timed) {
                here.timed = true;
                speaker.wake(here.second);
            }
        }
        if (first != null) {
            first.stated = true;
            speaker.state(heat);
        }
    }

    void read(byte[] content) {
        bytes.from(content);
        read(bytes);
    }

    byte[] write() {
        bytes.clear();
        write(bytes);
        return bytes.toArray();
    }

    /** The same, where more follows. */
    void read(RingBytes from) {
        windowSeconds = from.number();
        unitLimit = from.number();
        cleanUpSecond = from.number();
        seconds.read(from);
    }

    void write(RingBytes to) {
        to.number(windowSeconds);
        to.number(unitLimit);
        to.number(cleanUpSecond);
        seconds.write(to);
    }

    /**
     * What lay before the window of the second before goes first; what lies before the window of this one stays for the
     * heat of the second before, which is part of the statement.
     */
    private void closeOne(Speaker speaker) {
        Long previousSecond = seconds.closedCount() > 0 ? newestClosedSecond() : null;
        Long previousUnits = seconds.closedCount() > 0 ? seconds.closedTotal() : null;
        seconds.closeFirst(windowSeconds);
        long second = newestClosedSecond();
        long units = seconds.closedTotal();
        int count = seconds.closedCount();
        if (isExcess(second, units)) {
            speaker.state(new Heat(second, units, peak(0, count - 1), count, previousUnits, previousSecond, true));
        }
    }

    private boolean isExcess(long second, long units) {
        return units > unitLimit && !isLeftOut.test(second);
    }

    private long peak(int from, int to) {
        long peak = 0;
        for (int index = from; index <= to; index++) {
            peak = Math.max(peak, seconds.unitsAt(index));
        }
        return peak;
    }
}
