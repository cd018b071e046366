package spillway.runner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The excesses of some usage records, worked out the slow and obvious way: every window is added up from scratch.
 * It knows nothing of order or lateness.
 */
record HeatOracle(long windowSeconds, long limit, Map<String, Long> limits, long cutover) {

    private record Owner(String resource, String key, String subject) {}

    private record Name(String source, String batch, int part, long second, Owner owner) {}

    /** The excesses as the JSON that the excess table writes. */
    List<String> excesses(List<UsageRecord> records) {
        Map<Name, Long> once = new HashMap<>();
        for (UsageRecord record : records) {
            for (UsageRecord.Entry entry : record.entries()) {
                Owner owner = new Owner(entry.resource(), entry.key(), entry.subject());
                Name name = new Name(record.source(), record.batch(), record.part(), record.second(), owner);
                once.merge(name, entry.units(), Math::max);
            }
        }
        Map<Owner, TreeMap<Long, Long>> bySecond = new HashMap<>();
        once.forEach((name, units) ->
                bySecond.computeIfAbsent(name.owner(), owner -> new TreeMap<>()).merge(name.second(), units, Long::sum));
        List<String> excesses = new ArrayList<>();
        bySecond.forEach((owner, seconds) -> judge(owner, seconds, excesses));
        return excesses;
    }

    private void judge(Owner owner, TreeMap<Long, Long> seconds, List<String> excesses) {
        long allowed = limits.getOrDefault(owner.resource(), limit);
        long previousSecond = Long.MIN_VALUE;
        long previousUnits = 0;
        for (long second : seconds.keySet()) {
            List<Long> inside = List.copyOf(seconds.subMap(second + 1 - windowSeconds, second + 1).values());
            long units = inside.stream().mapToLong(Long::longValue).sum();
            boolean fresh = previousSecond == Long.MIN_VALUE
                    || previousUnits <= allowed
                    || second - previousSecond >= windowSeconds
                    || previousSecond + 1 < cutover
                    || previousSecond / 60 != second / 60;
            if (units > allowed && fresh && second + 1 >= cutover) {
                long peak = inside.stream().mapToLong(Long::longValue).max().orElseThrow();
                excesses.add(json(owner, units, allowed, peak, inside.size(), second));
            }
            previousSecond = second;
            previousUnits = units;
        }
    }

    private String json(Owner owner, long units, long allowed, long peak, int active, long second) {
        return ("{\"version\":1,\"application\":\"throttle\",\"generation\":1,\"detection\":\"partition-heat\",\"action\":\"suspend\","
                        + "\"resource\":\"%s\",\"key\":\"%s\",\"subject\":\"%s\",\"units\":%d,\"limit\":%d,"
                        + "\"peakSecondUnits\":%d,\"activeSeconds\":%d,\"windowStart\":%d,\"windowEnd\":%d}")
                .formatted(owner.resource(), owner.key(), owner.subject(), units, allowed, peak, active,
                        second + 1 - windowSeconds, second + 1);
    }
}
