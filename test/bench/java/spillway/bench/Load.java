package spillway.bench;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;

/** Steady usage in order, as fast as it is taken: usage records of as many entries of different keys, in a row. */
final class Load extends Feed {

    private static final int ENTRIES_PER_RECORD = 50;
    private static final long DELAY_SECONDS = 5;
    private static final int SUBJECTS_OF_A_SHARED_KEY = 20;
    private static final BinaryStringData RESOURCE = text("users");

    enum Keys {
        ZIPF,
        /** By Zipf's law, each key by several subjects. */
        SHARED,
        UNIFORM,
        /** Each key once. */
        NEW
    }

    private final Keys distribution;
    private final int entriesPerSecond;
    private final long seconds;
    private final double[] cumulative;
    private final int keyCount;
    private final Random random = new Random(1);
    private final Set<Integer> touched = new HashSet<>();
    private int newest;

    /** @param entriesPerSecond in event time */
    Load(Keys distribution, int keyCount, int entriesPerSecond, long seconds) {
        this.distribution = distribution;
        this.keyCount = keyCount;
        this.entriesPerSecond = entriesPerSecond;
        this.seconds = seconds;
        cumulative = new double[distribution == Keys.ZIPF || distribution == Keys.SHARED ? keyCount : 0];
        double sum = 0;
        for (int rank = 0; rank < cumulative.length; rank++) {
            sum += 1.0 / (rank + 1);
            cumulative[rank] = sum;
        }
    }

    @Override
    long size() {
        return indexOf(seconds);
    }

    /** The first record of that second of the load. */
    long indexOf(long second) {
        return second * entriesPerSecond / ENTRIES_PER_RECORD;
    }

    static long entries(long records) {
        return records * ENTRIES_PER_RECORD;
    }

    /** How many different keys came since it was last asked. */
    synchronized int takeTouched() {
        int count = touched.size();
        touched.clear();
        return count;
    }

    @Override
    synchronized RowData row(long index, List<String> metadataKeys) {
        Set<Integer> keys = new HashSet<>();
        while (keys.size() < ENTRIES_PER_RECORD) {
            keys.add(key());
        }
        touched.addAll(keys);
        Object[] entries = keys.stream().map(this::entry).toArray();
        long second = secondOf(index);
        GenericRowData row = new GenericRowData(6 + metadataKeys.size());
        row.setField(0, 1);
        row.setField(1, RESOURCE);
        row.setField(2, text("%032x".formatted(index)));
        row.setField(3, 0);
        row.setField(4, second);
        row.setField(5, new GenericArrayData(entries));
        for (int place = 0; place < metadataKeys.size(); place++) {
            boolean arrival = metadataKeys.get(place).equals("arrival-time");
            row.setField(6 + place, arrival ? TimestampData.fromEpochMillis((second + 3600) * 1000) : null);
        }
        return row;
    }

    @Override
    long watermarkAfter(long index) {
        return (secondOf(index) - DELAY_SECONDS) * 1000;
    }

    private long secondOf(long index) {
        return Trace.START + index * ENTRIES_PER_RECORD / entriesPerSecond;
    }

    private int key() {
        return switch (distribution) {
            case NEW -> newest++;
            case UNIFORM -> random.nextInt(keyCount);
            case ZIPF, SHARED -> {
                int found = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[keyCount - 1]);
                yield Math.min(keyCount - 1, found < 0 ? -found - 1 : found);
            }
        };
    }

    private RowData entry(int key) {
        int subject = distribution == Keys.SHARED ? random.nextInt(SUBJECTS_OF_A_SHARED_KEY) : 0;
        return GenericRowData.of(RESOURCE, text("S:app_" + key), text("app_" + key + "_" + subject), 1L + random.nextInt(4), 1L);
    }

    private static BinaryStringData text(String text) {
        BinaryStringData data = BinaryStringData.fromString(text);
        data.ensureMaterialized();
        return data;
    }
}
