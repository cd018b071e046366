package spillway.functions;

import java.util.Arrays;

/**
 * Write units by the second, in the order of the seconds. Closed seconds hold a sum; open ones the usage records they are
 * made of, or a sum as well where the records are kept elsewhere.
 *
 * <p>One object serves all keys in turn: {@link #read} and {@link #write} take a key's own content in and out.
 */
final class Seconds {

    private int closedCount;
    private long[] closedSeconds = new long[128];
    private long[] closedUnits = new long[128];
    private long closedTotal;
    private int openCount;
    private OpenSecond[] open = new OpenSecond[0];

    /** Empties it. */
    Seconds begin() {
        closedCount = 0;
        closedTotal = 0;
        openCount = 0;
        return this;
    }

    int count() {
        return closedCount + openCount;
    }

    int closedCount() {
        return closedCount;
    }

    long closedTotal() {
        return closedTotal;
    }

    long total() {
        long all = closedTotal;
        for (int index = 0; index < openCount; index++) {
            all += open[index].total;
        }
        return all;
    }

    /** Epoch seconds of the one at that place. */
    long secondAt(int index) {
        return index < closedCount ? closedSeconds[index] : open[index - closedCount].second;
    }

    long unitsAt(int index) {
        return index < closedCount ? closedUnits[index] : open[index - closedCount].total;
    }

    /** The open second at that place among all. */
    OpenSecond openAt(int index) {
        return open[index - closedCount];
    }

    /** The index of the first one after that second. */
    int firstAfter(long second) {
        int index = count();
        while (index > 0 && secondAt(index - 1) > second) {
            index--;
        }
        return index;
    }

    /** Whether no entry of that second is taken any more. */
    boolean isClosed(long second) {
        return closedCount > 0 && second <= closedSeconds[closedCount - 1];
    }

    /**
     * Takes an entry of a usage record into its second, which is not closed.
     *
     * @return how many units it adds: none where the record was there already
     */
    long add(long second, long name, long units) {
        return at(second).add(name, units);
    }

    /** The same, where the usage records are kept elsewhere. */
    void add(long second, long units) {
        at(second).total += units;
    }

    /** The first open second, if the watermark has passed its end. */
    boolean hasToClose(long watermarkMs) {
        return openCount > 0 && endOf(open[0].second) <= watermarkMs;
    }

    /** The sum of the first open second takes the place of its records; what is a window or more before it goes. */
    void closeFirst(long windowSeconds) {
        OpenSecond closing = open[0];
        System.arraycopy(open, 1, open, 0, --openCount);
        // Its object is kept for another second.
        open[openCount] = closing;
        dropUntil(closing.second - windowSeconds);
        ensureClosed(closedCount + 1);
        closedSeconds[closedCount] = closing.second;
        closedUnits[closedCount++] = closing.total;
        closedTotal += closing.total;
    }

    void read(RingBytes bytes) {
        begin();
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
            spare().begin(second).read(bytes);
            openCount++;
        }
    }

    void write(RingBytes bytes) {
        bytes.number(closedCount);
        bytes.number(openCount);
        long before = 0;
        for (int index = 0; index < closedCount; index++) {
            bytes.number(closedSeconds[index] - before);
            bytes.number(closedUnits[index]);
            before = closedSeconds[index];
        }
        for (int index = 0; index < openCount; index++) {
            bytes.number(open[index].second - before);
            open[index].write(bytes);
            before = open[index].second;
        }
    }

    /** The last millisecond of a second. */
    static long endOf(long second) {
        return second * 1000 + 999;
    }

    private OpenSecond at(long second) {
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
        return open[place];
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
}
