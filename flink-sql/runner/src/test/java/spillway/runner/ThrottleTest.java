package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import spillway.runner.UsageRecord.Entry;
import spillway.runner.scripted.Delivery;

/** Situations of flink-sql/throttle worked out by hand, on Flink. */
@Tag("oracle")
class ThrottleTest {

    private static final long START = Workload.START;

    @Test
    void readsTheUsageStreamOnceForEverythingItWrites() {
        String plan = ThrottleRun.inserts("plan", Map.of()).compilePlan().asJsonString();
        List<String> types = StreamSupport.stream(JsonText.read("plan", plan).root().path("nodes").spliterator(), false)
                .map(node -> node.path("type").asText())
                .toList();
        assertEquals(1, count(types, "stream-exec-table-source-scan"), types.toString());
    }

    /** No window is kept but inside the functions, one for each detection. */
    @Test
    void keepsItsStateInTheFunctionsOfItsDetections() {
        String plan = ThrottleRun.inserts("shared", Map.of()).compilePlan().asJsonString();
        List<String> types = StreamSupport.stream(JsonText.read("plan", plan).root().path("nodes").spliterator(), false)
                .map(node -> node.path("type").asText())
                .toList();
        assertEquals(3, count(types, "stream-exec-process-table-function"), types.toString());
        assertEquals(0, types.stream().filter(type -> type.contains("aggregate") || type.contains("over")).count(), types.toString());
    }

    private static long count(List<String> types, String type) {
        return types.stream().filter(node -> node.startsWith(type)).count();
    }

    @Test
    void allowsTheLimitAndStatesOneUnitMore() throws Exception {
        List<Delivery> deliveries = List.of(
                usage("a", START, "at_the_limit", 60),
                usage("b", START + 119, "at_the_limit", 40),
                usage("c", START + 119, "over_it", 101),
                usage("d", START + 120, "at_the_limit", 60));
        ThrottleRun run = ThrottleRun.of(deliveries, Map.of("limit", "100"));
        String excess = "{\"version\":1,\"application\":\"throttle\",\"generation\":1,\"detection\":\"partition-heat\",\"action\":\"suspend\","
                        + "\"resource\":\"users\",\"key\":\"S:k\",\"subject\":\"over_it\",\"units\":101,\"limit\":100,"
                        + "\"peakSecondUnits\":101,\"activeSeconds\":1,\"windowStart\":1800000000,\"windowEnd\":1800000120}";
        assertEquals(List.of(excess, excess), run.excesses(), "stated at once, and when the second is closed");
    }

    @Test
    void setsALateEntryAsideAndSaysByHowMuchItWasLate() throws Exception {
        List<Delivery> deliveries = List.of(usage("a", START + 20, "x", 1), usage("b", START + 10, "y", 2));
        ThrottleRun run = ThrottleRun.of(deliveries, Map.of());
        SetAside late = SetAside.read(run.late().get(0));
        assertEquals(1, run.late().size());
        assertEquals("late", late.reason());
        assertEquals("flink", late.setAsideBy());
        // The watermark stands at 20 - 5 = 15; second 10 was closed at 11.
        assertEquals("the entry came 4 s after its second was closed and counts nowhere;"
                + " if such entries are many, raise the parameter delay", late.detail());
        assertEquals(UsageRecord.of("b", START + 10, new Entry("users", "S:k", "y", 2, 1)), UsageRecord.read(late.record()));
    }

    @Test
    void setsAsideWhatItCannotUseAndGoesOn() throws Exception {
        String good = UsageRecord.of("g", START, new Entry("users", "S:k", "x", 101, 1)).json();
        long arrival = (START + 60) * 1000;
        List<Delivery> deliveries = List.of(
                new Delivery("{not json", arrival),
                new Delivery("{\"version\":1}", arrival),
                new Delivery(good.replace("\"version\":1", "\"version\":2"), arrival),
                new Delivery(good.replace("\"second\":" + START, "\"second\":null"), arrival),
                new Delivery(good.replace("\"second\":" + START, "\"second\":" + (START + 121)), arrival),
                new Delivery(good.replace("\"key\":\"S:k\"", "\"key\":null"), arrival),
                new Delivery(good.replace("\"units\":101", "\"units\":-1"), arrival),
                new Delivery(good, arrival));
        ThrottleRun run = ThrottleRun.of(deliveries, Map.of("limit", "100"));
        assertEquals(1, Set.copyOf(run.excesses()).size(), "the good record among them is judged");
        assertEquals(List.of(), run.late(), "the record from the future has not moved time on");
        List<SetAside> aside = run.malformed().stream().map(SetAside::read).toList();
        assertEquals(7, aside.size(), aside.toString());
        assertTrue(aside.stream().allMatch(record -> record.reason().equals("malformed")), aside.toString());
        assertEquals(1, aside.stream().filter(record -> record.record().equals("{not json")).count(), "the text is kept as it came");
        for (String detail : List.of("does not parse", "has version 2", "after its arrival", "null in one of version", "units below 0")) {
            assertTrue(aside.stream().anyMatch(record -> record.detail().contains(detail)), detail + " in " + aside);
        }
    }

    private static Delivery usage(String batch, long second, String subject, long units) {
        return UsageRecord.of(batch, second, new Entry("users", "S:k", subject, units, 1)).delivery();
    }
}
