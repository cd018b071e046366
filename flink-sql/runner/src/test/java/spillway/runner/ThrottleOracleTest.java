package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import spillway.runner.SharedKeyOracle.Named;

/**
 * The SQL of flink-sql/throttle on Flink against {@link HeatOracle} and {@link SharedKeyOracle}: the same excesses, field by field, beside those that
 * came before their second was closed.
 */
@Tag("oracle")
class ThrottleOracleTest {

    private static final Map<String, Long> LIMITS = Map.of("users", 100L, "users/by_email", 40L);
    private static final String LIMITS_JSON = "{\"users\":100,\"users/by_email\":40}";

    @Test
    void statesWhatTheOracleStatesUnderDuplicatesAndDisorder() throws Exception {
        Workload workload = Workload.seeded(1, 360, 3);
        assertTrue(workload.deliveries().size() > workload.records().size(), "some records are delivered twice");
        ThrottleRun run = run(workload.deliveries(), Map.of("limit", "60", "limits", LIMITS_JSON));
        int stated = same(new HeatOracle(120, 60, LIMITS, 0), workload.records(), run);
        assertTrue(stated > 50, "the workload is hot enough to say something: " + stated);
        assertTrue(run.excesses().size() > stated, "some excesses are stated early");
        assertEquals(List.of(), run.late());
        assertEquals(List.of(), run.malformed());
    }

    /** Limits at which the key is hot and its subjects are not, for some of the time: those who pass come and go. */
    @ParameterizedTest
    @CsvSource({"120s, 120, 130, 30", "10s, 10, 60, 1"})
    void namesTheSubjectsOfSharedKeysAsTheOracleDoes(String window, long windowSeconds, long limit, long share) throws Exception {
        Workload workload = Workload.seeded(windowSeconds + 4, 360, 3);
        ThrottleRun run = run(workload.deliveries(),
                Map.of("window", window, "limit", String.valueOf(limit), "share", String.valueOf(share)));
        SharedKeyOracle.Answer answer = new SharedKeyOracle(windowSeconds, limit, share).answer(workload.records());
        assertTrue(answer.excesses().size() > 20, "some keys are hot by several subjects: " + answer.excesses().size());
        List<Named> named = run.sharedKeys().stream().map(ThrottleOracleTest::named).toList();
        assertTrue(named.size() > answer.excesses().size(), "some are named early");
        assertEquals(lines(answer.excesses()), lines(answer.withoutEarly(named, limit)));
    }

    private static Named named(String excess) {
        JsonNode row = JsonText.read("excess", excess).root();
        assertEquals(Math.round(10_000.0 * row.path("units").asLong() / row.path("keyUnits").asLong()) / 10_000.0, row.path("share").asDouble());
        return new Named(row.path("resource").asText(), row.path("key").asText(), row.path("subject").asText(),
                row.path("units").asLong(), row.path("peakSecondUnits").asLong(), row.path("activeSeconds").asLong(),
                row.path("windowEnd").asLong(), row.path("rank").asLong(), row.path("keyUnits").asLong());
    }

    private static String lines(List<Named> named) {
        return sorted(named.stream().map(Named::toString).toList());
    }

    @ParameterizedTest
    @CsvSource({"1s, 1, 20", "119s, 119, 50", "120s, 120, 50", "1h, 3600, 60"})
    void countsWindowsOfEveryLength(String window, long windowSeconds, long limit) throws Exception {
        Workload workload = Workload.seeded(windowSeconds, 260, 3);
        ThrottleRun run = run(workload.deliveries(), Map.of("window", window, "limit", String.valueOf(limit)));
        int stated = same(new HeatOracle(windowSeconds, limit, Map.of(), 0), workload.records(), run);
        assertTrue(stated > 20, "the workload is hot enough to say something: " + stated);
    }

    @Test
    void putsEveryEntryEitherIntoTheHeatOrAmongTheLate() throws Exception {
        Workload workload = Workload.seeded(2, 240, 9);
        Lateness lateness = Lateness.of(workload.deliveries(), 5);
        assertTrue(lateness.late().size() > 20, "some records are late: " + lateness.late().size());
        ThrottleRun run = run(workload.deliveries(), Map.of("window", "1s", "limit", "1"));
        same(new HeatOracle(1, 1, Map.of(), 0), lateness.onTime(), run);
        List<String> expectedLate = new ArrayList<>();
        for (UsageRecord record : lateness.late()) {
            for (UsageRecord.Entry entry : record.entries()) {
                UsageRecord alone = new UsageRecord(record.source(), record.batch(), record.part(), record.second(), List.of(entry));
                expectedLate.add(alone.json());
            }
        }
        assertEquals(sorted(expectedLate), sorted(run.late().stream().map(json -> UsageRecord.read(SetAside.read(json).record()).json()).toList()));
    }

    @Test
    void isSilentBeforeTheCutoverAndTakesWhatWasBeforeItAsAbsent() throws Exception {
        Workload workload = Workload.seeded(3, 240, 3);
        long cutover = Workload.START + 130;
        ThrottleRun run = run(workload.deliveries(), Map.of("limit", "100", "cutover", String.valueOf(cutover)));
        int stated = same(new HeatOracle(120, 100, Map.of(), cutover), workload.records(), run);
        assertTrue(stated > 0 && stated < new HeatOracle(120, 100, Map.of(), 0).excesses(workload.records()).size());
    }

    /** @return how many excesses the oracle states */
    private static int same(HeatOracle oracle, List<UsageRecord> records, ThrottleRun run) {
        List<String> expected = oracle.excesses(records);
        assertEquals(sorted(expected), sorted(oracle.withoutEarly(run.excesses(), records)));
        return expected.size();
    }

    private static ThrottleRun run(List<UsageRecord> deliveries, Map<String, String> parameters) throws Exception {
        return ThrottleRun.of(deliveries.stream().map(UsageRecord::delivery).toList(), parameters);
    }

    /** As one text, so that a difference shows as a difference of lines. */
    private static String sorted(List<String> lines) {
        return lines.stream().sorted().collect(Collectors.joining("\n"));
    }
}
