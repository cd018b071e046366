package spillway.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.table.api.dataview.MapView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedRingTest {

    private static final long START = 1_800_000_000L;

    /** What was said of a key at one second. */
    private record Said(long second, long keyUnits, boolean wasShared, boolean closed, List<SubjectHeat> named) {}

    private final List<Said> said = new ArrayList<>();
    private final List<Long> wakes = new ArrayList<>();
    private final MapView<String, byte[]> further = new MapView<>();
    private SharedRing ring = new SharedRing();
    private final Speaker speaker = new Speaker() {
        @Override
        public void state(Heat heat) {
            said.add(new Said(heat.second() - START, heat.units(), ring.wasShared(heat), heat.closed(), List.copyOf(ring.named(heat))));
        }

        @Override
        public void wake(long second) {
            wakes.add(second - START);
        }
    };

    SharedRingTest() {
        ring.begin(120, 100, further);
    }

    @Test
    void speaksAtOnceWhenSubjectsPassTheLimitTogether() throws Exception {
        add("a", 0, 1, 60, null);
        add("b", 1, 2, 40, null);
        assertEquals(List.of(), said, "exactly the limit");
        add("b", 3, 3, 1, null);
        assertEquals(
                List.of(new Said(3, 101, false, false, List.of(new SubjectHeat("a", 60, 60, 1), new SubjectHeat("b", 41, 40, 2)))),
                said);
        assertEquals(List.of(3L), wakes);
        add("b", 3, 4, 5, null);
        close(3);
        assertEquals(2, said.size());
        assertEquals(
                new Said(3, 106, false, true, List.of(new SubjectHeat("a", 60, 60, 1), new SubjectHeat("b", 46, 40, 2))), said.get(1));
    }

    @Test
    void leavesAKeyToPartitionHeatWhileOneSubjectIsAboveAlone() throws Exception {
        add("a", 0, 1, 101, null);
        add("b", 0, 2, 50, null);
        close(10);
        assertEquals(List.of(), said);
        assertEquals(List.of(), wakes, "what is not to be said needs no timer");
        // The one has left the window, and two others are over the limit together.
        add("c", 120, 3, 60, 10L);
        add("b", 120, 4, 60, 10L);
        assertEquals(List.of("b", "c"), said.get(0).named().stream().map(SubjectHeat::subject).toList());
    }

    @Test
    void saysNoMoreOfAnOpenSecondOnceOneIsAboveAlone() throws Exception {
        add("a", 0, 1, 60, null);
        add("b", 0, 2, 50, null);
        assertEquals(1, said.size());
        add("a", 0, 3, 41, null);
        close(0);
        assertEquals(1, said.size());
        // As it is alone until it leaves the window, the key comes into the situation anew.
        add("c", 119, 4, 1, 0L);
        close(119);
        assertEquals(1, said.size());
        add("b", 121, 5, 60, 119L);
        add("c", 121, 6, 60, 119L);
        assertFalse(said.get(1).wasShared());
    }

    @Test
    void countsARecordOncePerSubject() throws Exception {
        add("a", 0, 1, 40, null);
        add("b", 0, 1, 40, null);
        add("a", 0, 1, 40, null);
        add("b", 0, 1, 40, null);
        assertEquals(List.of(), said);
        add("c", 0, 1, 40, null);
        assertEquals(120, said.get(0).keyUnits());
    }

    @Test
    void forgetsSubjectsThatFellSilent() throws Exception {
        for (int subject = 0; subject < 50; subject++) {
            add("s" + subject, subject, subject, 1, subject - 5L);
        }
        assertTrue(further.getMap().size() > 40, "most do not lie with the key");
        close(300);
        add("late", 300, 1_000, 1, 299L);
        close(300);
        int before = ring.write().length;
        ring.sweep();
        assertEquals(List.of("late"), List.copyOf(further.getMap().keySet()));
        assertTrue(ring.write().length < before, "nor does any lie with the key");
        add("later", 600, 1_001, 1, 599L);
        close(600);
        ring.sweep();
        assertFalse(ring.hasFurther());
    }

    @Test
    void aNewLimitFindsOutAnewWhoIsAboveIt() throws Exception {
        add("a", 0, 1, 60, null);
        add("b", 0, 2, 30, null);
        close(1);
        assertEquals(List.of(), said);
        ring.limit(50);
        add("b", 2, 3, 1, 1L);
        assertEquals(List.of(), said, "a is above it alone");
        ring.limit(91);
        add("b", 3, 4, 1, 1L);
        assertEquals(List.of(3L), said.stream().map(Said::second).toList(), "at second 2 it was exactly the limit");
    }

    /** Random entries of many subjects in disorder, taken out and in before each, swept now and then. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsSaidOfClosedSecondsIsWhatAPlainSumFinds(long seed) throws Exception {
        Random random = new Random(seed);
        int window = seed % 2 == 0 ? 120 : 5 + random.nextInt(20);
        int subjects = 2 + (int) seed * 3;
        long limit = window * 7L;
        ring.begin(window, limit, further);
        TreeMap<Long, Map<String, Long>> plain = new TreeMap<>();
        for (int step = 0; step < 3_000; step++) {
            byte[] content = ring.write();
            ring = new SharedRing();
            ring.read(content, further);
            long now = step / 4;
            long closed = now - 6;
            long second = now - random.nextInt(5);
            String subject = "s" + (int) (subjects * Math.pow(random.nextDouble(), 2));
            long units = random.nextInt(now % 90 < 30 && subject.equals("s0") ? 30 : 5);
            ring.key().close(Seconds.endOf(START + closed), speaker);
            assertTrue(ring.add(subject, START + second, step, units, Seconds.endOf(START + closed)));
            ring.key().foresee(speaker);
            if (step % 97 == 0) {
                ring.sweep();
            }
            plain.computeIfAbsent(second, at -> new HashMap<>()).merge(subject, units, Long::sum);
        }
        ring.key().close(Long.MAX_VALUE, speaker);
        List<Said> expected = new ArrayList<>();
        Map<Long, Long> keyUnits = new HashMap<>();
        boolean wasShared = false;
        for (long second : plain.keySet()) {
            Map<String, List<Long>> bySubject = new HashMap<>();
            plain.subMap(second - window + 1, second + 1).values().forEach(written -> written.forEach(
                    (subject, units) -> bySubject.computeIfAbsent(subject, name -> new ArrayList<>()).add(units)));
            List<SubjectHeat> heats = new ArrayList<>();
            bySubject.forEach((subject, units) -> heats.add(new SubjectHeat(subject,
                    units.stream().mapToLong(Long::longValue).sum(), units.stream().mapToLong(Long::longValue).max().orElseThrow(),
                    units.size())));
            heats.sort(Comparator.comparingLong(SubjectHeat::units).reversed().thenComparing(SubjectHeat::subject));
            long all = heats.stream().mapToLong(SubjectHeat::units).sum();
            keyUnits.put(second, all);
            boolean isShared = all > limit && heats.get(0).units() <= limit;
            if (isShared) {
                expected.add(new Said(second, all, wasShared, true, heats));
            }
            wasShared = isShared;
        }
        assertEquals(expected, said.stream().filter(Said::closed).toList());
        assertTrue(expected.size() > 20 && expected.size() < plain.size(), "comes and goes: " + expected.size());
        for (Said early : said.stream().filter(each -> !each.closed()).toList()) {
            assertTrue(early.keyUnits() > limit && early.keyUnits() <= keyUnits.get(early.second()), early.toString());
        }
    }

    private void add(String subject, long second, long name, long units, Long closedSecond) throws Exception {
        assertTrue(ring.add(subject, START + second, name, units, closedSecond == null ? null : Seconds.endOf(START + closedSecond)));
        ring.key().foresee(speaker);
    }

    private void close(long second) {
        ring.key().close(Seconds.endOf(START + second), speaker);
    }
}
