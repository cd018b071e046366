package spillway.functions;

import java.util.Arrays;

/**
 * A second that entries may still come for: the units of each usage record apart, so that none counts twice; or only their
 * sum, where the records are kept elsewhere.
 */
final class OpenSecond {

    long second;
    /** An early statement was made for it. */
    boolean stated;
    /** A timer waits for its end. */
    boolean timed;
    long total;
    int count;
    long[] names = new long[4];
    long[] units = new long[4];

    OpenSecond begin(long newSecond) {
        second = newSecond;
        stated = false;
        timed = false;
        total = 0;
        count = 0;
        return this;
    }

    /**
     * A record that is delivered again carries the same units again: the largest is taken, not the sum.
     *
     * @return how many units it adds
     */
    long add(long name, long more) {
        for (int index = 0; index < count; index++) {
            if (names[index] == name) {
                long added = Math.max(0, more - units[index]);
                units[index] += added;
                total += added;
                return added;
            }
        }
        append(name, more);
        return more;
    }

    void read(RingBytes bytes) {
        long flags = bytes.number();
        stated = (flags & 1) != 0;
        timed = (flags & 2) != 0;
        long records = bytes.number();
        if (records == 0) {
            total = bytes.number();
        }
        for (long left = records; left > 0; left--) {
            append(bytes.word(), bytes.number());
        }
    }

    void write(RingBytes bytes) {
        bytes.number((stated ? 1 : 0) | (timed ? 2 : 0));
        bytes.number(count);
        if (count == 0) {
            bytes.number(total);
        }
        for (int record = 0; record < count; record++) {
            bytes.word(names[record]);
            bytes.number(units[record]);
        }
    }

    private void append(long name, long more) {
        if (count == names.length) {
            names = Arrays.copyOf(names, count * 2);
            units = Arrays.copyOf(units, count * 2);
        }
        names[count] = name;
        units[count++] = more;
        total += more;
    }
}
