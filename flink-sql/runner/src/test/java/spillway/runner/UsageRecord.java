package spillway.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import spillway.runner.scripted.Delivery;

/** A usage record as lambdas/contracts/usage-record.ts defines it. */
record UsageRecord(String source, String batch, int part, long second, List<Entry> entries) {

    record Entry(String resource, String key, String subject, long units, long writes) {

        String json() {
            return "{\"resource\":\"%s\",\"key\":\"%s\",\"subject\":\"%s\",\"units\":%d,\"writes\":%d}"
                    .formatted(resource, key, subject, units, writes);
        }
    }

    static UsageRecord of(String batch, long second, Entry... entries) {
        return new UsageRecord("users", batch, 0, second, List.of(entries));
    }

    String json() {
        return "{\"version\":1,\"source\":\"%s\",\"batch\":\"%s\",\"part\":%d,\"second\":%d,\"entries\":[%s]}".formatted(
                source, batch, part, second, entries.stream().map(Entry::json).collect(Collectors.joining(",")));
    }

    /** Reads what {@link #json} wrote, its fields in any order. */
    static UsageRecord read(String json) {
        JsonNode node = JsonText.read("usage record", json).root();
        List<Entry> entries = new ArrayList<>();
        node.path("entries").forEach(entry -> entries.add(new Entry(
                entry.path("resource").asText(),
                entry.path("key").asText(),
                entry.path("subject").asText(),
                entry.path("units").asLong(),
                entry.path("writes").asLong())));
        return new UsageRecord(
                node.path("source").asText(),
                node.path("batch").asText(),
                node.path("part").asInt(),
                node.path("second").asLong(),
                entries);
    }

    /** Arrived long after its second, as far as the clock of the stream is concerned. */
    Delivery delivery() {
        return new Delivery(json(), (second + 3600) * 1000);
    }
}
