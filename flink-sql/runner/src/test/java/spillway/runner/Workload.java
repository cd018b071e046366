package spillway.runner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import spillway.runner.UsageRecord.Entry;

/**
 * Seeded traffic of six minutes: three resources, keys that several subjects share, quiet and looping ones, a burst
 * across a minute's border, one record in twenty delivered twice, each delivery up to {@code disorderSeconds} late.
 *
 * @param records each once
 * @param deliveries in the order of their delivery
 */
record Workload(List<UsageRecord> records, List<UsageRecord> deliveries) {

    /** A minute's first second. */
    static final long START = 1_800_000_000L;

    private static final List<String> RESOURCES = List.of("users", "users/by_email", "orders");

    private record Due(double at, UsageRecord record) {}

    static Workload seeded(long seed, int seconds, int disorderSeconds) {
        Random random = new Random(seed);
        List<UsageRecord> records = new ArrayList<>();
        for (int second = 0; second < seconds; second++) {
            int batches = 1 + random.nextInt(3);
            for (int batch = 0; batch < batches; batch++) {
                records.add(record(random, second, second + "-" + batch));
            }
        }
        List<Due> due = new ArrayList<>();
        for (UsageRecord record : records) {
            int times = random.nextInt(20) == 0 ? 2 : 1;
            for (int time = 0; time < times; time++) {
                due.add(new Due(record.second() + random.nextDouble() * disorderSeconds, record));
            }
        }
        due.sort(Comparator.comparingDouble(Due::at));
        return new Workload(records, due.stream().map(Due::record).toList());
    }

    private static UsageRecord record(Random random, int second, String batch) {
        List<Entry> entries = new ArrayList<>();
        for (int owner : random.ints(0, 24).distinct().limit(1 + random.nextInt(6)).toArray()) {
            entries.add(entry(owner, 1 + random.nextInt(owner < 4 ? 40 : 4)));
        }
        // The burst: from five seconds before the third minute to five seconds after its begin.
        if (Math.abs(second - 180) <= 5) {
            entries.add(new Entry("orders", "S:burst", "tenant_burst", 100, 100));
        }
        return new UsageRecord("users", batch, entries.size() % 2, START + second, List.copyOf(entries));
    }

    /** Owners are spread so that each key has several subjects and each subject several keys. */
    private static Entry entry(int owner, long units) {
        return new Entry(RESOURCES.get(owner % 3), "S:key_" + owner / 6, "tenant_" + owner % 6, units, 1);
    }
}
