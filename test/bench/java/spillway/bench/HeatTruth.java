package spillway.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The heat of some entries, worked out the slow and obvious way: every window is added up from scratch. */
final class HeatTruth {

    record Owner(String resource, String key, String subject) {}

    /** An excess as stated; windowEnd is exclusive. */
    record Excess(Owner owner, long windowEnd, long units, long limit, long peak, long active) {}

    /** @param runStart the first second of the consecutive ones above the limit that this one is among */
    record At(long units, long peak, long active, boolean hot, long runStart) {}

    private record Name(UsageRecord record, Owner owner) {}

    private final Map<Name, Long> once = new HashMap<>();
    private final Map<Owner, TreeMap<Long, At>> heat = new HashMap<>();
    final List<Excess> excesses = new ArrayList<>();

    void add(UsageRecord record, UsageEntry entry) {
        UsageRecord named = new UsageRecord(record.source(), record.batch(), record.part(), record.second(), List.of());
        once.merge(new Name(named, owner(entry)), entry.units(), Math::max);
    }

    static Owner owner(UsageEntry entry) {
        return new Owner(entry.resource(), entry.key(), entry.subject());
    }

    HeatTruth judge(long windowSeconds, long limit, Map<String, Long> limits) {
        bySecond().forEach((owner, seconds) -> judge(owner, seconds, windowSeconds, limits.getOrDefault(owner.resource(), limit)));
        return this;
    }

    Map<Owner, TreeMap<Long, Long>> bySecond() {
        Map<Owner, TreeMap<Long, Long>> bySecond = new HashMap<>();
        once.forEach((name, units) -> bySecond.computeIfAbsent(name.owner(), owner -> new TreeMap<>())
                .merge(name.record().second(), units, Long::sum));
        return bySecond;
    }

    /** Null where that second holds no write. */
    At at(Owner owner, long second) {
        return heat.getOrDefault(owner, new TreeMap<>()).get(second);
    }

    /** The units of a window that ends with that second, whether or not it holds a write. */
    long unitsUntil(Owner owner, long second, long windowSeconds) {
        long units = 0;
        for (Map.Entry<Name, Long> entry : once.entrySet()) {
            long at = entry.getKey().record().second();
            if (entry.getKey().owner().equals(owner) && at <= second && at > second - windowSeconds) {
                units += entry.getValue();
            }
        }
        return units;
    }

    private void judge(Owner owner, TreeMap<Long, Long> seconds, long windowSeconds, long limit) {
        Long previous = null;
        At before = null;
        for (long second : seconds.keySet()) {
            List<Long> inside = List.copyOf(seconds.subMap(second + 1 - windowSeconds, second + 1).values());
            long units = inside.stream().mapToLong(Long::longValue).sum();
            long peak = inside.stream().mapToLong(Long::longValue).max().orElseThrow();
            boolean passes = before == null || !before.hot() || second - previous >= windowSeconds;
            At at = new At(units, peak, inside.size(), units > limit, passes ? second : before.runStart());
            if (at.hot() && (passes || previous / 60 != second / 60)) {
                excesses.add(new Excess(owner, second + 1, units, limit, peak, inside.size()));
            }
            heat.computeIfAbsent(owner, key -> new TreeMap<>()).put(second, at);
            previous = second;
            before = at;
        }
    }
}
