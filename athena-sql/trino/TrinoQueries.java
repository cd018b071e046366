import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trino.Session;
import io.trino.testing.LocalQueryRunner;
import io.trino.testing.MaterializedResult;
import io.trino.testing.MaterializedRow;
import io.trino.testing.TestingSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.LogManager;

/**
 * Athena's engine in one JVM, without a server: a query a line comes in as {"sql": "…"}, its answer goes out as
 * {"columns": […], "rows": [[…]]} or {"error": "…"}. Whole numbers go out as {"n": "…"}, so that none loses a digit. There
 * are no tables: the queries bring their rows as VALUES. It ends when its input does.
 */
public final class TrinoQueries {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TrinoQueries() {}

    public static void main(String[] args) throws Exception {
        // Whatever Trino prints by itself goes to the standard error.
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        LogManager.getLogManager().reset();
        Session session = TestingSession.testSessionBuilder().build();
        try (LocalQueryRunner runner = LocalQueryRunner.create(session);
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            answers.println("{\"ready\":true}");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.println(JSON.writeValueAsString(answer(runner, JSON.readTree(line))));
            }
        }
        // Trino leaves threads behind.
        System.exit(0);
    }

    private static ObjectNode answer(LocalQueryRunner runner, JsonNode asked) {
        ObjectNode answer = JSON.createObjectNode();
        try {
            MaterializedResult result = runner.execute(asked.get("sql").asText());
            ArrayNode columns = answer.putArray("columns");
            List<String> names = result.getColumnNames();
            names.forEach(columns::add);
            ArrayNode rows = answer.putArray("rows");
            for (MaterializedRow row : result.getMaterializedRows()) {
                ArrayNode cells = rows.addArray();
                row.getFields().forEach(field -> add(cells, field));
            }
        } catch (Exception failure) {
            answer.removeAll();
            answer.put("error", String.valueOf(failure.getMessage()));
        }
        return answer;
    }

    private static void add(ArrayNode cells, Object field) {
        if (field == null) {
            cells.addNull();
        } else if (field instanceof Long || field instanceof Integer) {
            cells.addObject().put("n", field.toString());
        } else {
            cells.add(field.toString());
        }
    }
}
