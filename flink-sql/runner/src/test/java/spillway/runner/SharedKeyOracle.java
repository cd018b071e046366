package spillway.runner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the detection shared-key must say of some usage records, worked out the slow and obvious way: at each second that
 * holds a write to a key, the heat of each of its subjects is added up from scratch. It knows nothing of order or lateness.
 */
record SharedKeyOracle(long windowSeconds, long limit, long sharePercent) {

    private record Key(String resource, String key) {}

    private record Name(String source, String batch, int part, long second, Key key, String subject) {}

    private record Heat(String subject, long units, long peak, long active) {}

    /** Each as {@code resource key subject units peak active windowEnd rank keyUnits}. */
    List<String> excesses(List<UsageRecord> records) {
        Map<Name, Long> once = new HashMap<>();
        for (UsageRecord record : records) {
            for (UsageRecord.Entry entry : record.entries()) {
                Key key = new Key(entry.resource(), entry.key());
                once.merge(
                        new Name(record.source(), record.batch(), record.part(), record.second(), key, entry.subject()),
                        entry.units(),
                        Math::max);
            }
        }
        Map<Key, TreeMap<Long, Map<String, Long>>> keys = new HashMap<>();
        once.forEach((name, units) -> keys.computeIfAbsent(name.key(), key -> new TreeMap<>())
                .computeIfAbsent(name.second(), second -> new HashMap<>())
                .merge(name.subject(), units, Long::sum));
        List<String> excesses = new ArrayList<>();
        keys.forEach((key, seconds) -> judge(key, seconds, excesses));
        return excesses;
    }

    private void judge(Key key, TreeMap<Long, Map<String, Long>> seconds, List<String> excesses) {
        long previousSecond = Long.MIN_VALUE / 2;
        boolean wasShared = false;
        for (long second : seconds.keySet()) {
            List<Heat> heats = heats(seconds.subMap(second + 1 - windowSeconds, second + 1));
            long keyUnits = heats.stream().mapToLong(Heat::units).sum();
            boolean isShared = keyUnits > limit && heats.get(0).units() <= limit;
            boolean fresh = !wasShared || second - previousSecond >= windowSeconds || previousSecond / 60 != second / 60;
            for (int index = 0; isShared && fresh && index < heats.size(); index++) {
                Heat heat = heats.get(index);
                if (heat.units() * 100 >= sharePercent * keyUnits) {
                    excesses.add("%s %s %s %d %d %d %d %d %d".formatted(key.resource(), key.key(), heat.subject(),
                            heat.units(), heat.peak(), heat.active(), second + 1, index + 1, keyUnits));
                }
            }
            wasShared = isShared;
            previousSecond = second;
        }
    }

    private static List<Heat> heats(SortedMap<Long, Map<String, Long>> inside) {
        Map<String, List<Long>> bySubject = new HashMap<>();
        inside.values().forEach(second -> second.forEach(
                (subject, units) -> bySubject.computeIfAbsent(subject, name -> new ArrayList<>()).add(units)));
        List<Heat> heats = new ArrayList<>();
        bySubject.forEach((subject, units) -> heats.add(new Heat(
                subject,
                units.stream().mapToLong(Long::longValue).sum(),
                units.stream().mapToLong(Long::longValue).max().orElseThrow(),
                units.size())));
        heats.sort(Comparator.comparingLong(Heat::units).reversed().thenComparing(Heat::subject));
        return heats;
    }
}
