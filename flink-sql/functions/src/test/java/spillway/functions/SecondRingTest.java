package spillway.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.table.api.TableRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecondRingTest {

    private static final long START = 1_800_000_000L;

    private final List<Heat> said = new ArrayList<>();
    private final List<Long> wakes = new ArrayList<>();
    private final Speaker speaker = new Speaker() {
        @Override
        public void state(Heat heat) {
            said.add(heat);
        }

        @Override
        public void wake(long second) {
            wakes.add(second - START);
        }
    };
    private SecondRing ring = ring(120, 100);

    @Test
    void saysNothingAtTheLimitAndSpeaksAtOnceOneUnitOver() {
        add(0, 1, 100);
        assertEquals(List.of(), said);
        add(3, 2, 1);
        assertEquals(List.of(new Heat(START + 3, 101, 100, 2, 100L, START, false)), said);
        assertEquals(List.of(3L), wakes);
    }

    @Test
    void statesTheWholeOnceTheSecondIsClosed() {
        add(0, 1, 90);
        add(3, 2, 20);
        add(3, 3, 5);
        said.clear();
        ring.close((START + 3) * 1000 + 998, speaker);
        assertEquals(List.of(), said);
        ring.close((START + 3) * 1000 + 999, speaker);
        assertEquals(List.of(new Heat(START + 3, 115, 90, 2, 90L, START, true)), said);
    }

    @Test
    void countsARecordOnceHoweverOftenItIsDelivered() {
        add(0, 1, 60);
        add(0, 1, 60);
        add(0, 1, 60);
        assertEquals(List.of(), said);
        add(0, 2, 60);
        assertEquals(120, said.get(0).units());
    }

    @Test
    void doesNotCountWhatComesAfterItsSecondWasClosed() {
        add(5, 1, 60);
        ring.close((START + 10) * 1000, speaker);
        assertFalse(ring.add(START + 5, 2, 60));
        assertTrue(ring.add(START + 11, 2, 40));
        ring.foresee(speaker);
        assertEquals(List.of(), said);
    }

    @Test
    void speaksOnceAboutConsecutiveSecondsAboveTheLimit() {
        add(0, 1, 101);
        add(1, 2, 1);
        add(2, 3, 1);
        assertEquals(1, said.size());
        // Late, before the second that was stated: the same seconds above the limit, now begun earlier.
        add(-1, 4, 101);
        assertEquals(1, said.size());
    }

    @Test
    void whatLeftTheWindowIsNoLongerInTheHeat() {
        add(0, 1, 100);
        add(119, 2, 1);
        add(120, 3, 99);
        assertEquals(List.of(101L), said.stream().map(Heat::units).toList());
        ring.close((START + 200) * 1000, speaker);
        assertEquals(List.of(101L), said.stream().filter(Heat::closed).map(Heat::units).toList());
    }

    @Test
    void refusesAnotherWindowThanItWasBuiltFor() {
        add(0, 1, 1);
        SecondRing restored = new SecondRing();
        restored.read(ring.write());
        restored.needWindow(120);
        String refusal = assertThrows(TableRuntimeException.class, () -> restored.needWindow(300)).getMessage();
        assertTrue(refusal.contains("a window of 120 s and cannot serve one of 300 s"), refusal);
    }

    @Test
    void namesOfDifferentRecordsDiffer() {
        Map<Long, String> names = new HashMap<>();
        for (int batch = 0; batch < 20_000; batch++) {
            String text = "%032x".formatted(batch);
            for (int part = 0; part < 3; part++) {
                String before = names.put(RecordName.of("users".getBytes(), text.getBytes(), part), text + part);
                assertEquals(null, before);
            }
        }
        assertTrue(RecordName.of("ab".getBytes(), "c".getBytes(), 0) != RecordName.of("a".getBytes(), "bc".getBytes(), 0));
    }

    /** Random entries in disorder, the ring taken out and in before each: the closed heat is that of the plain sum. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void closedHeatIsThePlainSumAndEarlyHeatIsNeverMore(long seed) {
        Random random = new Random(seed);
        int window = seed % 2 == 0 ? 120 : 1 + random.nextInt(20);
        ring = ring(window, 40);
        TreeMap<Long, Long> plain = new TreeMap<>();
        for (int step = 0; step < 2_000; step++) {
            byte[] content = ring.write();
            ring = new SecondRing();
            ring.read(content);
            long second = step / 4 - random.nextInt(5);
            long units = random.nextInt(4);
            ring.close((START + step / 4 - 5) * 1000 + 999, speaker);
            assertTrue(ring.add(START + second, step, units));
            ring.foresee(speaker);
            plain.merge(START + second, units, Long::sum);
        }
        ring.close(Long.MAX_VALUE, speaker);
        Map<Long, Long> closed = new HashMap<>();
        said.stream().filter(Heat::closed).forEach(heat -> assertEquals(null, closed.put(heat.second(), heat.units())));
        Map<Long, Long> expected = new HashMap<>();
        for (long second : plain.keySet()) {
            long sum = plain.subMap(second - window + 1, second + 1).values().stream().mapToLong(Long::longValue).sum();
            if (sum > 40) {
                expected.put(second, sum);
            }
        }
        assertEquals(expected, closed);
        for (Heat early : said.stream().filter(heat -> !heat.closed()).toList()) {
            assertTrue(early.units() > 40 && early.units() <= expected.get(early.second()), early.toString());
        }
    }

    private void add(long second, long name, long units) {
        ring.add(START + second, name, units);
        ring.foresee(speaker);
    }

    private static SecondRing ring(long windowSeconds, long limit) {
        SecondRing ring = new SecondRing();
        ring.begin(windowSeconds);
        ring.limit(limit);
        return ring;
    }
}
