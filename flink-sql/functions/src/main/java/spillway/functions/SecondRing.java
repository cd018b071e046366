package spillway.functions;

import java.util.Arrays;
import org.apache.flink.table.api.TableRuntimeException;

/**
 * The write units of one key by the second, as far back as the window reaches. Closed seconds hold a sum, open ones the
 * usage records they are made of.
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
            previousSecond = hasPrevious ? secondAt(index - 1) : 0;
            units += unitsAt(index);
            while (secondAt(from) <= secondAt(index) - windowSeconds) {
                units -= unitsAt(from++);
            }
        }

        /** Whether the limit was passed at this second, and not only kept exceeded. */
        private boolean passes(int index) {
            return units > unitLimit
                    && (!hasPrevious || previousUnits <= unitLimit || previousSecond <= secondAt(index) - windowSeconds);
        }

        private Heat heat(int index, boolean closed) {
            long peak = 0;
            for (int inside = from; inside <= index; inside++) {
                peak = Math.max(peak, unitsAt(inside));
            }
            return new Heat(secondAt(index), units, peak, index - from + 1L,
                    hasPrevious ? previousUnits : null, hasPrevious ? previousSecond : null, closed);
        }
    }

    private final RingBytes bytes = new RingBytes();
    private long windowSeconds;
    private long unitLimit;
    /** When the timer that clears a silent key fires, in epoch seconds. */
    private long cleanUpSecond;
    private int closedCount;
    private long[] closedSeconds = new long[128];
    private long[] closedUnits = new long[128];
    private long closedTotal;
    private int openCount;
    private OpenSecond[] open = new OpenSecond[0];

    /** An empty one. */
    void begin(long window) {
        windowSeconds = window;
        cleanUpSecond = 0;
        closedCount = 0;
        closedTotal = 0;
        openCount = 0;
    }

    long windowSeconds() {
        return windowSeconds;
    }

    /** @throws TableRuntimeException if it was built for another window, whose seconds it does not hold */
    void needWindow(long seconds) {
        if (windowSeconds != seconds) {
            throw new TableRuntimeException("The state was built for a window of " + windowSeconds
                    + " s and cannot serve one of " + seconds + " s: bring this change in by a rollout that drops the"
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
        return secondAt(closedCount + openCount - 1);
    }

    /** Closes the seconds that the watermark has passed, and states the heat of each that is above the limit. */
    void close(long watermarkMs, Speaker speaker) {
        int closing = 0;
        while (closing < openCount && endOf(open[closing].second) <= watermarkMs) {
            closeOne(open[closing++], speaker);
        }
        if (closing > 0) {
            rotate(closing);
        }
    }

    /**
     * Adds an entry of a usage record to its second.
     *
     * @return false if the second was closed already, so that the entry counts nowhere
     */
    boolean add(long second, long name, long units) {
        if (closedCount > 0 && second <= closedSeconds[closedCount - 1]) {
            return false;
        }
        int place = openCount;
        while (place > 0 && open[place - 1].second >= second) {
            place--;
        }
        if (place == openCount || open[place].second != second) {
            OpenSecond added = spare().begin(second);
            System.arraycopy(open, place, open, place + 1, openCount - place);
            open[place] = added;
            openCount++;
        }
        open[place].add(name, units);
        return true;
    }

    /**
     * States, for open seconds, that the limit is already passed: once for consecutive seconds above it. Entries only
     * add, so that what is stated stays true. Asks to be woken at the end of each open second above the limit.
     */
    void foresee(Speaker speaker) {
        long all = closedTotal;
        for (int index = 0; index < openCount; index++) {
            all += open[index].total;
        }
        if (all <= unitLimit) {
            return;
        }
        Walk walk = new Walk();
        OpenSecond first = null;
        Heat heat = null;
        for (int index = 0; index < closedCount + openCount; index++) {
            walk.step(index);
            if (index < closedCount) {
                continue;
            }
            OpenSecond here = open[index - closedCount];
            boolean passes = walk.passes(index);
            if (first != null && (passes || walk.units <= unitLimit)) {
                first.stated = true;
                speaker.state(heat);
                first = null;
            }
            if (here.stated) {
                first = null;
            } else if (passes) {
                first = here;
                heat = walk.heat(index, false);
            }
            if (walk.units > unitLimit && !here.timed) {
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
        begin(bytes.number());
        unitLimit = bytes.number();
        cleanUpSecond = bytes.number();
        int closed = (int) bytes.number();
        int opened = (int) bytes.number();
        long second = 0;
        ensureClosed(closed);
        for (int index = 0; index < closed; index++) {
            second += bytes.number();
            closedSeconds[index] = second;
            closedUnits[index] = bytes.number();
            closedTotal += closedUnits[index];
        }
        closedCount = closed;
        for (int index = 0; index < opened; index++) {
            second += bytes.number();
            OpenSecond here = spare().begin(second);
            long flags = bytes.number();
            here.stated = (flags & 1) != 0;
            here.timed = (flags & 2) != 0;
            for (long left = bytes.number(); left > 0; left--) {
                here.append(bytes.word(), bytes.number());
            }
            openCount++;
        }
    }

    byte[] write() {
        bytes.clear();
        bytes.number(windowSeconds);
        bytes.number(unitLimit);
        bytes.number(cleanUpSecond);
        bytes.number(closedCount);
        bytes.number(openCount);
        long before = 0;
        for (int index = 0; index < closedCount; index++) {
            bytes.number(closedSeconds[index] - before);
            bytes.number(closedUnits[index]);
            before = closedSeconds[index];
        }
        for (int index = 0; index < openCount; index++) {
            OpenSecond here = open[index];
            bytes.number(here.second - before);
            bytes.number((here.stated ? 1 : 0) | (here.timed ? 2 : 0));
            bytes.number(here.count);
            for (int record = 0; record < here.count; record++) {
                bytes.word(here.names[record]);
                bytes.number(here.units[record]);
            }
            before = here.second;
        }
        return bytes.toArray();
    }

    /** The last millisecond of a second. */
    static long endOf(long second) {
        return second * 1000 + 999;
    }

    /**
     * The sum takes the place of the records. What lay before the window of the second before goes first; what lies
     * before the window of this one stays for the heat of the second before, which is part of the statement.
     */
    private void closeOne(OpenSecond closing, Speaker speaker) {
        Long previousSecond = closedCount > 0 ? closedSeconds[closedCount - 1] : null;
        Long previousUnits = closedCount > 0 ? closedTotal : null;
        dropUntil(closing.second - windowSeconds);
        ensureClosed(closedCount + 1);
        closedSeconds[closedCount] = closing.second;
        closedUnits[closedCount++] = closing.total;
        closedTotal += closing.total;
        if (closedTotal > unitLimit) {
            long peak = 0;
            for (int index = 0; index < closedCount; index++) {
                peak = Math.max(peak, closedUnits[index]);
            }
            speaker.state(new Heat(closing.second, closedTotal, peak, closedCount, previousUnits, previousSecond, true));
        }
    }

    private void dropUntil(long second) {
        int dropped = 0;
        while (dropped < closedCount && closedSeconds[dropped] <= second) {
            closedTotal -= closedUnits[dropped++];
        }
        if (dropped > 0) {
            closedCount -= dropped;
            System.arraycopy(closedSeconds, dropped, closedSeconds, 0, closedCount);
            System.arraycopy(closedUnits, dropped, closedUnits, 0, closedCount);
        }
    }

    /** Takes the first open seconds out; their objects are kept for others. */
    private void rotate(int closing) {
        OpenSecond[] out = Arrays.copyOf(open, closing);
        System.arraycopy(open, closing, open, 0, openCount - closing);
        System.arraycopy(out, 0, open, openCount - closing, closing);
        openCount -= closing;
    }

    private OpenSecond spare() {
        if (openCount == open.length) {
            open = Arrays.copyOf(open, openCount + 8);
        }
        if (open[openCount] == null) {
            open[openCount] = new OpenSecond();
        }
        return open[openCount];
    }

    private void ensureClosed(int size) {
        if (size > closedSeconds.length) {
            closedSeconds = Arrays.copyOf(closedSeconds, size * 2);
            closedUnits = Arrays.copyOf(closedUnits, size * 2);
        }
    }

    private long secondAt(int index) {
        return index < closedCount ? closedSeconds[index] : open[index - closedCount].second;
    }

    private long unitsAt(int index) {
        return index < closedCount ? closedUnits[index] : open[index - closedCount].total;
    }
}
