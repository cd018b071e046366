package spillway.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.flink.table.data.RowData;

/**
 * Five minutes of seeded usage, the way it may come: keys by Zipf's law or evenly, bursts, one record in twenty
 * delivered again (half of them at once, half seconds later), disorder, Kinesis shards of which one falls silent for a
 * while and one lags, a source shard whose batches come 10 s late, one batch retried three times, and a batch that was
 * cut anew after it had been delivered.
 */
final class Trace extends Feed {

    /** A minute's first second. */
    static final long START = 1_800_000_000L;

    private static final int SECONDS = 300;
    private static final List<String> RESOURCES = List.of("users", "users/by_email", "orders");

    /** @param again whether the entries came before, in a batch of another name */
    record Delivery(double at, int shard, UsageRecord record, boolean again) {}

    final long seed;
    final boolean zipf;
    final long delaySeconds;
    final long windowSeconds;
    final List<Delivery> deliveries;
    private final long[] watermarks;

    Trace(long seed) {
        this.seed = seed;
        zipf = seed % 2 == 0;
        delaySeconds = seed / 2 % 2 == 0 ? 5 : 15;
        windowSeconds = seed % 5 == 4 ? 30 : 120;
        Random random = new Random(seed);
        deliveries = deliveries(random);
        deliveries.sort(Comparator.comparingDouble(Delivery::at));
        watermarks = watermarks();
    }

    @Override
    long size() {
        return deliveries.size();
    }

    @Override
    RowData row(long index, List<String> metadataKeys) {
        return deliveries.get((int) index).record().row(metadataKeys);
    }

    @Override
    long watermarkAfter(long index) {
        return watermarks[(int) index];
    }

    /** How long a second is open at most, in seconds of event time: the delay, and how far the slowest shard is behind. */
    long openSeconds() {
        long longest = 0;
        long newest = 0;
        for (int index = 0; index < watermarks.length; index++) {
            newest = Math.max(newest, deliveries.get(index).record().second());
            if (watermarks[index] > Long.MIN_VALUE) {
                longest = Math.max(longest, newest - watermarks[index] / 1000);
            }
        }
        return longest;
    }

    private List<Delivery> deliveries(Random random) {
        List<Delivery> all = new ArrayList<>();
        for (int second = 0; second < SECONDS; second++) {
            for (int batch = 0, batches = 2 + random.nextInt(4); batch < batches; batch++) {
                boolean behind = batch == 0;
                int shard = random.nextInt(4);
                if (shard == 3 && second > 100 && second < 180) {
                    // This shard is silent for a while.
                    shard = 0;
                }
                UsageRecord record = record(random, second, "%032x".formatted(random.nextLong()), second == 150 && batch == 1);
                double lag = (behind ? 10 : 0) + (shard == 2 ? 20 : 0);
                double at = second + lag + random.nextDouble() * 3;
                all.add(new Delivery(at, shard, record, false));
                if (random.nextInt(20) == 0) {
                    all.add(new Delivery(at + (random.nextBoolean() ? 0.001 : 1 + random.nextDouble() * 4), shard, record, false));
                }
                if (second == 90 && batch == 1) {
                    for (int retry = 1; retry <= 3; retry++) {
                        all.add(new Delivery(at + retry * 0.7, shard, record, false));
                    }
                }
                if (second == 150 && batch == 1) {
                    cutAnew(record).forEach(half -> all.add(new Delivery(at + 1, record.part() % 2, half, true)));
                }
            }
        }
        return all;
    }

    private UsageRecord record(Random random, int second, String batch, boolean big) {
        Map<Integer, Long> units = new HashMap<>();
        for (int entry = 0, entries = (big ? 20 : 1) + random.nextInt(8); entry < entries; entry++) {
            int owner = zipf ? (int) Math.floor(Math.pow(80, random.nextDouble())) : random.nextInt(80);
            units.merge(owner, 1L + random.nextInt(owner % 7 == 0 ? 60 : 9), Long::sum);
        }
        // Bursts across a minute's border, and at the end of a window of silence.
        if (Math.abs(second - 120) <= 6 || Math.abs(second - 247) <= 4) {
            units.merge(100, 40L, Long::sum);
        }
        return new UsageRecord("users", batch, units.size() % 3, START + second, units.entrySet().stream()
                .map(owner -> new UsageEntry(RESOURCES.get(owner.getKey() % 3), "S:key_" + owner.getKey() / 6,
                        "tenant_" + owner.getKey() % 6, owner.getValue()))
                .collect(Collectors.toList()));
    }

    private static List<UsageRecord> cutAnew(UsageRecord record) {
        int middle = record.entries().size() / 2;
        return List.of(
                new UsageRecord(record.source(), record.batch() + "a", 0, record.second(), record.entries().subList(0, middle)),
                new UsageRecord(record.source(), record.batch() + "b", 0, record.second(),
                        record.entries().subList(middle, record.entries().size())));
    }

    /** The slowest shard counts; one that brought nothing for half a minute does not. */
    private long[] watermarks() {
        long[] newest = new long[4];
        double[] heardAt = new double[4];
        Arrays.fill(newest, Long.MIN_VALUE);
        long[] result = new long[deliveries.size()];
        long watermark = Long.MIN_VALUE;
        for (int index = 0; index < result.length; index++) {
            Delivery delivery = deliveries.get(index);
            newest[delivery.shard()] = Math.max(newest[delivery.shard()], delivery.record().second());
            heardAt[delivery.shard()] = delivery.at();
            long lowest = Long.MAX_VALUE;
            for (int shard = 0; shard < 4; shard++) {
                boolean idle = delivery.at() - heardAt[shard] > 30;
                if (!idle) {
                    lowest = Math.min(lowest, newest[shard]);
                }
            }
            if (lowest > Long.MIN_VALUE) {
                watermark = Math.max(watermark, (lowest - delaySeconds) * 1000);
            }
            result[index] = watermark;
        }
        return result;
    }
}
