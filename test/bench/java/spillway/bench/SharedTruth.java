package spillway.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.types.Row;
import spillway.bench.HeatTruth.Owner;

/** What is to be said of keys that several subjects heat together, worked out the slow and obvious way. */
final class SharedTruth {

    /** An excess as stated; windowEnd is exclusive. */
    record Named(Owner owner, long windowEnd, long units, long peak, long active, long rank, long keyUnits) {

        static Named of(Row row) {
            Owner owner = new Owner((String) row.getField("resource"), (String) row.getField("key"), (String) row.getField("subject"));
            return new Named(owner, (Long) row.getField("windowEnd"), (Long) row.getField("units"),
                    (Long) row.getField("peakSecondUnits"), (Long) row.getField("activeSeconds"), (Long) row.getField("rank"),
                    (Long) row.getField("keyUnits"));
        }
    }

    private record Id(Owner owner, long windowEnd) {}

    /** @param isShared no subject is above the limit alone */
    private record At(Named end, boolean isShared, long limit, long runStart) {}

    /** All that is true of subjects of keys above the limit. */
    private final Map<Id, At> hot = new HashMap<>();
    private final List<Named> excesses = new ArrayList<>();

    SharedTruth(Map<Owner, TreeMap<Long, Long>> bySecond, long windowSeconds, long share, long limit, Map<String, Long> limits) {
        Map<List<String>, TreeMap<Long, Map<Owner, Long>>> keys = new HashMap<>();
        bySecond.forEach((owner, seconds) -> seconds.forEach((second, units) -> keys
                .computeIfAbsent(List.of(owner.resource(), owner.key()), key -> new TreeMap<>())
                .computeIfAbsent(second, at -> new HashMap<>())
                .put(owner, units)));
        keys.forEach((key, seconds) -> judge(seconds, windowSeconds, share, limits.getOrDefault(key.get(0), limit)));
    }

    /** What was stated beside this: how many are missed, wrong, false, early; and how many early ones came to nothing. */
    Map<String, Object> compare(List<Named> stated, long openSeconds, boolean mayBeEarly) {
        Map<Id, List<Named>> byId = new HashMap<>();
        stated.forEach(each -> byId.computeIfAbsent(id(each), id -> new ArrayList<>()).add(each));
        long missed = excesses.stream().filter(each -> !byId.containsKey(id(each))).count();
        long wrong = excesses.stream().filter(each -> byId.containsKey(id(each)) && !byId.get(id(each)).contains(each)).count();
        List<String> falses = new ArrayList<>();
        long early = 0;
        long endedAlone = 0;
        for (Named each : stated.stream().distinct().filter(each -> !excesses.contains(each)).toList()) {
            At at = hot.get(id(each));
            if (mayBeEarly && at != null && isEarly(each, at)) {
                early++;
                endedAlone += at.isShared() ? 0 : 1;
            } else {
                falses.add(each + " truth " + at);
            }
        }
        Map<List<Object>, Long> firstWord = new HashMap<>();
        for (Named each : stated) {
            At at = hot.get(id(each));
            if (at != null && at.isShared()) {
                firstWord.putIfAbsent(List.of(each.owner().resource(), each.owner().key(), at.runStart()), each.windowEnd() - 1 - at.runStart());
            }
        }
        Map<String, Object> result = new HashMap<>();
        result.put("excesses", excesses.size());
        result.put("missed", missed);
        result.put("wrong", wrong);
        result.put("false", falses.size());
        result.put("early", early);
        result.put("earlyAndInTheEndOneAlone", endedAlone);
        result.put("episodesStartedBeyondLateness", firstWord.values().stream().filter(start -> start > openSeconds).count());
        result.put("maxStartSeconds", firstWord.values().stream().mapToLong(Long::longValue).max().orElse(0));
        result.put("examples", falses.stream().limit(3).toList());
        return result;
    }

    private static boolean isEarly(Named early, At at) {
        Named end = at.end();
        return early.keyUnits() > at.limit() && early.keyUnits() <= end.keyUnits()
                && early.units() <= Math.min(at.limit(), end.units())
                && early.peak() <= end.peak() && early.active() <= end.active();
    }

    private void judge(TreeMap<Long, Map<Owner, Long>> seconds, long windowSeconds, long share, long limit) {
        Long previous = null;
        boolean wasShared = false;
        long runStart = 0;
        for (long second : seconds.keySet()) {
            List<Named> named = named(seconds.subMap(second + 1 - windowSeconds, second + 1), second + 1);
            long keyUnits = named.get(0).keyUnits();
            boolean isShared = keyUnits > limit && named.get(0).units() <= limit;
            boolean begins = !wasShared || second - previous >= windowSeconds;
            runStart = begins ? second : runStart;
            boolean speaks = isShared && (begins || previous / 60 != second / 60);
            for (Named each : named) {
                if (keyUnits > limit) {
                    hot.put(id(each), new At(each, isShared, limit, runStart));
                }
                if (speaks && each.units() * 100 >= share * keyUnits) {
                    excesses.add(each);
                }
            }
            wasShared = isShared;
            previous = second;
        }
    }

    private static List<Named> named(SortedMap<Long, Map<Owner, Long>> inside, long windowEnd) {
        Map<Owner, List<Long>> byOwner = new HashMap<>();
        inside.values().forEach(second ->
                second.forEach((owner, units) -> byOwner.computeIfAbsent(owner, each -> new ArrayList<>()).add(units)));
        long keyUnits = byOwner.values().stream().flatMap(List::stream).mapToLong(Long::longValue).sum();
        List<Named> named = new ArrayList<>();
        byOwner.forEach((owner, units) -> named.add(new Named(owner, windowEnd, units.stream().mapToLong(Long::longValue).sum(),
                units.stream().mapToLong(Long::longValue).max().orElseThrow(), units.size(), 0, keyUnits)));
        named.sort(Comparator.comparingLong(Named::units).reversed().thenComparing(each -> each.owner().subject()));
        for (int index = 0; index < named.size(); index++) {
            Named each = named.get(index);
            named.set(index, new Named(each.owner(), windowEnd, each.units(), each.peak(), each.active(), index + 1, keyUnits));
        }
        return named;
    }

    private static Id id(Named named) {
        return new Id(named.owner(), named.windowEnd());
    }
}
