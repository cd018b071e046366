package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner as it is called: with arguments, on an application's folder. */
class MainTest {

    private static final String APPLICATION = """
            { "name": "counting", "runtime": "FLINK-2_2", "capacity": { "parallelism": 1, "parallelismPerKpu": 1 },
              "parameters": {
                "rows": { "type": "integer", "min": 1, "doc": "How many rows there are." } } }
            """;
    private static final String TABLES = """
            CREATE TABLE numbers (n INT) WITH (
                'connector' = 'datagen',
                'number-of-rows' = ${rows});
            CREATE TABLE hole (n BIGINT) WITH ('connector' = 'blackhole');
            """;

    @TempDir
    private Path folder;

    private record Printed(int exitCode, String output, String errors) {}

    private Printed print(String... arguments) throws IOException {
        Path properties = folder.resolve("properties.json");
        if (!Files.exists(properties)) {
            Files.writeString(properties, "[{\"PropertyGroupId\": \"spillway\", \"PropertyMap\": {\"rows\": \"3\"}}]");
        }
        List<String> all = new ArrayList<>(List.of("--application", folder.toString(), "--properties", properties.toString()));
        all.addAll(Arrays.asList(arguments));
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int exitCode = new Printing(new PrintStream(output, true, StandardCharsets.UTF_8), new PrintStream(errors, true, StandardCharsets.UTF_8))
                .print(all);
        return new Printed(exitCode, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    }

    private void write(Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    private void writeWith(String detection) throws IOException {
        write(Map.of("application.json", APPLICATION, "tables/a.sql", TABLES, "detections/b.sql", detection));
    }

    @Test
    void submitsOneJobForAllInsertsOfAllFiles() throws Exception {
        write(Map.of(
                "application.json", APPLICATION,
                "tables/a.sql", TABLES + "INSERT INTO hole SELECT n FROM numbers;",
                "detections/b.sql", "BEGIN STATEMENT SET; INSERT INTO hole SELECT n + 1 FROM numbers; INSERT INTO hole SELECT n + 2 FROM numbers; END;",
                "detections/c.sql", "INSERT INTO hole SELECT COUNT(*) FROM numbers",
                "properties.json", "[{\"PropertyGroupId\": \"spillway\", \"PropertyMap\": {\"rows\": \"3\"}}]"));
        List<String> jobs = CountingEnvironment.jobsOf(() -> Main.main(new String[] {
            "--application", folder.toString(), "--properties", folder.resolve("properties.json").toString()
        }));
        assertEquals(List.of("counting"), jobs);
    }

    @Test
    void printsTheSqlThatWouldRun() throws IOException {
        writeWith("-- why\nINSERT INTO hole SELECT n FROM numbers");
        Printed printed = print("--print", "sql");
        assertEquals(new Printed(0, """

                -- tables/a.sql:1
                CREATE TABLE numbers (n INT) WITH (
                    'connector' = 'datagen',
                    'number-of-rows' = '3');

                -- tables/a.sql:4
                CREATE TABLE hole (n BIGINT) WITH ('connector' = 'blackhole');

                -- detections/b.sql:2
                INSERT INTO hole SELECT n FROM numbers;

                """, ""), printed);
    }

    @Test
    void printsThePlanOfTheWholeSet() throws IOException {
        writeWith("INSERT INTO hole SELECT n FROM numbers; INSERT INTO hole SELECT n + 1 FROM numbers;");
        Printed printed = print("--print", "plan");
        assertEquals("", printed.errors());
        assertEquals(0, printed.exitCode());
        JsonNode nodes = JsonText.read("plan", printed.output()).root().path("nodes");
        List<String> types = new ArrayList<>();
        nodes.forEach(node -> types.add(node.path("type").asText().replaceAll("_\\d+$", "")));
        assertEquals(1, types.stream().filter("stream-exec-table-source-scan"::equals).count(), types.toString());
        assertTrue(types.contains("stream-exec-sink"), types.toString());
    }

    @Test
    void saysInWhichFileAndLineFlinkStumbles() throws IOException {
        writeWith("INSERT INTO hole\nSELECT m FROM numbers;");
        Printed unknown = print("--print", "plan");
        assertEquals(1, unknown.exitCode());
        assertTrue(unknown.errors().contains("detections/b.sql:2: sql-refused: Flink refuses this: "), unknown.errors());
        assertTrue(unknown.errors().contains("Column 'm' not found"), unknown.errors());

        writeWith("INSERT INTO hole SELECT n FROM numbers;\nINSERT INTO hole\nSELECT n\nFRUM numbers;");
        assertTrue(print("--print", "plan").errors().contains("detections/b.sql:4: sql-refused: "), print("--print", "plan").errors());

        writeWith("INSERT INTO hole SELECT n FROM numbers;\nCREATE VIEW\n    few AS\nSELECT\n    m FROM numbers;");
        Printed view = print("--print", "plan");
        assertTrue(view.errors().contains("detections/b.sql:5: sql-refused: "), view.errors());

        write(Map.of("tables/a.sql", TABLES.replace("'connector' = 'blackhole'", "'connector' = 'no-such'")));
        writeUntouched("INSERT INTO hole SELECT n FROM numbers;");
        Printed connector = print("--print", "plan");
        assertTrue(connector.errors().contains("sql-refused"), connector.errors());
        assertTrue(connector.errors().contains("no-such"), connector.errors());
    }

    private void writeUntouched(String detection) throws IOException {
        write(Map.of("detections/b.sql", detection));
    }

    /** Flink finds these only while it plans the whole set, and does not say in which INSERT. */
    @Test
    void findsTheInsertThatCannotBePlanned() throws IOException {
        String sorted = "INSERT INTO hole SELECT n FROM numbers ORDER BY n;";
        String frames = "INSERT INTO hole SELECT SUM(n) OVER (ORDER BY p ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"
                + " + SUM(n) OVER (ORDER BY p ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM (SELECT n, PROCTIME() AS p FROM numbers);";
        for (String wrong : List.of(sorted, frames)) {
            writeWith("INSERT INTO hole SELECT n FROM numbers;\n" + wrong);
            Printed printed = print("--print", "plan");
            assertEquals(1, printed.exitCode(), printed.errors());
            assertTrue(printed.errors().contains("detections/b.sql:2: sql-refused"), printed.errors());
            DefinitionException fault = assertThrows(DefinitionException.class, () -> Main.main(new String[] {
                "--application", folder.toString(), "--properties", folder.resolve("properties.json").toString()
            }));
            assertEquals(2, fault.problems().get(0).line());
        }
    }

    @Test
    void printsProblemsAsJsonWhereAsked() throws IOException {
        writeWith("INSERT INTO hole SELECT ${row} FROM numbers;");
        Printed printed = print("--print", "sql", "--json");
        assertEquals(1, printed.exitCode());
        assertEquals("{\"problems\":[{\"code\":\"parameter-unknown\",\"place\":\"detections/b.sql\",\"line\":1,"
                + "\"message\":\"${row} names no parameter of application.json; did you mean \\\"rows\\\"?\"}]}", printed.output().strip());
        assertTrue(printed.errors().contains("detections/b.sql:1: parameter-unknown"), printed.errors());
    }

    @Test
    void explainsItsArguments() throws IOException {
        assertTrue(print("--help").output().startsWith("usage: "));
        for (String[] arguments : List.of(new String[] {"--print", "it"}, new String[] {"--print"}, new String[] {"--prnt", "sql"})) {
            Printed printed = print(arguments);
            assertEquals(1, printed.exitCode());
            assertTrue(printed.errors().contains("usage: "), printed.errors());
        }
    }

    @Test
    void tellsItsOwnFaultsApart() throws IOException {
        Printed printed = print("--json");
        assertEquals(70, printed.exitCode());
        assertTrue(printed.errors().contains("IllegalStateException"), printed.errors());
        assertFalse(printed.output().contains("problems"));
    }
}
