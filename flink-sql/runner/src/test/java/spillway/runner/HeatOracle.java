package spillway.runner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * The excesses of some usage records, worked out the slow and obvious way: every window is added up from scratch.
 * It knows nothing of order or lateness.
 */
record HeatOracle(long windowSeconds, long limit, Map<String, Long> limits, long cutover) {

    private record Owner(String resource, String key, String subject) {}

    private record Name(String source, String batch, int part, long second, Owner owner) {}

    /** A second above the limit, and whether it is stated once it is closed. */
    private record Hot(Owner owner, long second, long units, long allowed, long peak, int active, boolean speaks) {}

    /** The excesses as the JSON that the excess table writes. */
    List<String> excesses(List<UsageRecord> records) {
        return hotSeconds(records).stream().filter(Hot::speaks).map(this::json).toList();
    }

    /**
     * What was stated, without what came early and is true: one excess at most for each second above the limit, with more
     * units than the limit and no more than the second has in the end.
     */
    List<String> withoutEarly(List<String> stated, List<UsageRecord> records) {
        List<String> left = new ArrayList<>(stated);
        for (Hot hot : hotSeconds(records)) {
            List<String> said = new ArrayList<>(left.stream().filter(excess -> isOf(hot, excess)).toList());
            if (hot.speaks()) {
                said.remove(json(hot));
            }
            said.stream().filter(excess -> isEarly(hot, excess)).findFirst().ifPresent(left::remove);
        }
        return left;
    }

    private List<Hot> hotSeconds(List<UsageRecord> records) {
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
        List<Hot> hot = new ArrayList<>();
        bySecond.forEach((owner, seconds) -> judge(owner, seconds, hot));
        return hot;
    }

    private void judge(Owner owner, TreeMap<Long, Long> seconds, List<Hot> hot) {
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
            if (units > allowed && second + 1 >= cutover) {
                long peak = inside.stream().mapToLong(Long::longValue).max().orElseThrow();
                hot.add(new Hot(owner, second, units, allowed, peak, inside.size(), fresh));
            }
            previousSecond = second;
            previousUnits = units;
        }
    }

    private boolean isOf(Hot hot, String stated) {
        JsonNode excess = JsonText.read("excess", stated).root();
        return excess.path("windowEnd").asLong() == hot.second() + 1
                && excess.path("windowStart").asLong() == hot.second() + 1 - windowSeconds
                && excess.path("limit").asLong() == hot.allowed()
                && excess.path("resource").asText().equals(hot.owner().resource())
                && excess.path("key").asText().equals(hot.owner().key())
                && excess.path("subject").asText().equals(hot.owner().subject());
    }

    private static boolean isEarly(Hot hot, String stated) {
        JsonNode excess = JsonText.read("excess", stated).root();
        return excess.path("units").asLong() > hot.allowed()
                && excess.path("units").asLong() <= hot.units()
                && excess.path("peakSecondUnits").asLong() <= hot.peak()
                && excess.path("activeSeconds").asLong() <= hot.active();
    }

    private String json(Hot hot) {
        Owner owner = hot.owner();
        return ("{\"version\":1,\"application\":\"throttle\",\"generation\":1,\"detection\":\"partition-heat\",\"action\":\"suspend\","
                        + "\"resource\":\"%s\",\"key\":\"%s\",\"subject\":\"%s\",\"units\":%d,\"limit\":%d,"
                        + "\"peakSecondUnits\":%d,\"activeSeconds\":%d,\"windowStart\":%d,\"windowEnd\":%d}")
                .formatted(owner.resource(), owner.key(), owner.subject(), hot.units(), hot.allowed(), hot.peak(), hot.active(),
                        hot.second() + 1 - windowSeconds, hot.second() + 1);
    }
}
