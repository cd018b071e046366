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

    /** What is said of one subject, or, at the same second, might be: its key is above the limit then. */
    record Named(String resource, String key, String subject, long units, long peak, long active, long windowEnd, long rank, long keyUnits) {}

    /** What is to be said, and what is true of each subject at each second at which its key is above the limit. */
    record Answer(List<Named> excesses, List<Named> hot) {

        /**
         * What was stated, without what came early and is true: of each subject of a key above the limit once for each
         * second, with the key above the limit by what was known and no more than there is in the end.
         */
        List<Named> withoutEarly(List<Named> stated, long limit) {
            List<Named> left = new ArrayList<>(stated);
            for (Named end : hot) {
                List<Named> said = new ArrayList<>(left.stream().filter(each -> isOf(end, each)).toList());
                if (excesses.contains(end)) {
                    said.remove(end);
                }
                said.stream().filter(each -> isEarly(end, each, limit)).findFirst().ifPresent(left::remove);
            }
            return left;
        }

        private static boolean isOf(Named end, Named stated) {
            return stated.windowEnd() == end.windowEnd()
                    && stated.resource().equals(end.resource())
                    && stated.key().equals(end.key())
                    && stated.subject().equals(end.subject());
        }

        private static boolean isEarly(Named end, Named early, long limit) {
            return early.keyUnits() > limit
                    && early.keyUnits() <= end.keyUnits()
                    && early.units() <= Math.min(limit, end.units())
                    && early.peak() <= end.peak()
                    && early.active() <= end.active();
        }
    }

    Answer answer(List<UsageRecord> records) {
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
        Answer answer = new Answer(new ArrayList<>(), new ArrayList<>());
        keys.forEach((key, seconds) -> judge(key, seconds, answer));
        return answer;
    }

    private void judge(Key key, TreeMap<Long, Map<String, Long>> seconds, Answer answer) {
        long previousSecond = Long.MIN_VALUE / 2;
        boolean wasShared = false;
        for (long second : seconds.keySet()) {
            List<Heat> heats = heats(seconds.subMap(second + 1 - windowSeconds, second + 1));
            long keyUnits = heats.stream().mapToLong(Heat::units).sum();
            boolean isShared = keyUnits > limit && heats.get(0).units() <= limit;
            boolean fresh = !wasShared || second - previousSecond >= windowSeconds || previousSecond / 60 != second / 60;
            for (int index = 0; keyUnits > limit && index < heats.size(); index++) {
                Heat heat = heats.get(index);
                Named named = new Named(key.resource(), key.key(), heat.subject(), heat.units(), heat.peak(), heat.active(),
                        second + 1, index + 1, keyUnits);
                answer.hot().add(named);
                if (isShared && fresh && heat.units() * 100 >= sharePercent * keyUnits) {
                    answer.excesses().add(named);
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
