package spillway.runner.cases;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import spillway.kinesis.source.ScriptedReader.Scripted;
import spillway.runner.CaseApplication;

/**
 * Runs golden cases for the orchestrator, all on one warm Flink. The only argument is a file with what to run; each case's
 * outcome is one line of JSON on standard output as soon as it is there, everything else goes to standard error.
 *
 * <p>In: {@code {"savepoints": FOLDER, "stateBackend", "cases": [{"id", "shards": […], "startMs", "phases": [{"application":
 * FOLDER, "parameters": {…}, "parallelism", "records": [{"shard", "arrivalMs", "readMs", "text"}]}]}]}}. Between two phases the
 * state is saved and restored.
 *
 * <p>Out: {@code {"id", "tookMs", "tables": {TABLE: [row, …]}, "references": {TABLE: [row, …]}, "lastPhase": {TABLE: [row,
 * …]}}}, references being what the application's references wrote, and lastPhase those of the tables' rows that came after
 * the last restore; or {@code {"id", "tookMs", "error"}}.
 */
public final class CasesMain {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private CasesMain() {}

    /** @throws Exception if the request cannot be read or Flink does not start */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        JsonNode request = MAPPER.readTree(Files.readString(Path.of(arguments[0])));
        try (WarmCluster cluster = new WarmCluster();
                CaseRun run = new CaseRun(
                        cluster, request.path("savepoints").asText(), request.path("stateBackend").asText())) {
            request.path("cases").forEach(asked -> run.planAhead(read(asked)));
            for (JsonNode asked : request.path("cases")) {
                answers.println(answer(run, asked));
            }
        }
    }

    private static ObjectNode answer(CaseRun run, JsonNode asked) {
        long startedNs = System.nanoTime();
        ObjectNode answer = MAPPER.createObjectNode().put("id", asked.path("id").asInt());
        try {
            List<Map<String, List<String>>> phases = run.outcome(read(asked));
            ObjectNode tables = answer.putObject("tables");
            ObjectNode references = answer.putObject("references");
            ObjectNode lastPhase = answer.putObject("lastPhase");
            for (Map<String, List<String>> taken : phases) {
                lastPhase.removeAll();
                for (Map.Entry<String, List<String>> table : taken.entrySet()) {
                    String name = table.getKey();
                    if (name.startsWith(CaseApplication.REFERENCE)) {
                        add(references, name.substring(CaseApplication.REFERENCE.length()), table.getValue());
                    } else {
                        add(tables, name, table.getValue());
                        add(lastPhase, name, table.getValue());
                    }
                }
            }
        } catch (Exception cause) {
            answer.put("error", CaseApplication.faultOf(cause).orElseGet(() -> describe(cause)));
        }
        return answer.put("tookMs", (System.nanoTime() - startedNs) / 1_000_000);
    }

    private static void add(ObjectNode tables, String table, List<String> rows) throws JsonProcessingException {
        ArrayNode list = tables.withArray(table);
        for (String row : rows) {
            list.add(MAPPER.readTree(row));
        }
    }

    private static GoldenCase read(JsonNode asked) {
        List<String> shards = new ArrayList<>();
        asked.path("shards").forEach(shard -> shards.add(shard.asText()));
        List<GoldenCase.Phase> phases = new ArrayList<>();
        for (JsonNode phase : asked.path("phases")) {
            List<Scripted> records = new ArrayList<>();
            phase.path("records").forEach(record -> records.add(new Scripted(
                    record.path("shard").asText(),
                    record.path("arrivalMs").asLong(),
                    record.path("readMs").asLong(),
                    record.path("text").asText().getBytes(StandardCharsets.UTF_8))));
            Map<String, String> parameters = new HashMap<>();
            phase.path("parameters")
                    .properties()
                    .forEach(value -> parameters.put(value.getKey(), value.getValue().asText()));
            phases.add(new GoldenCase.Phase(
                    new CaseApplication(Path.of(phase.path("application").asText()), parameters),
                    phase.path("parallelism").asInt(),
                    records));
        }
        return new GoldenCase(shards, asked.path("startMs").asLong(), phases);
    }

    /** What was thrown and where; the whole chain, because Flink's outermost words say little. */
    private static String describe(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 8; cause = cause.getCause(), depth++) {
            text.append(depth == 0 ? "" : "\nbecause ").append(cause);
            StackTraceElement[] trace = cause.getStackTrace();
            if (trace.length > 0) {
                text.append(" (").append(trace[0]).append(')');
            }
        }
        return text.toString();
    }
}
