package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What values become in SQL means to Flink what the parameter means. */
class FlinkReadsItTest {

    private static final List<String> TEXTS = List.of(
            "", "'", "''", "it's", "'; DROP TABLE t; --", "\\", "\\'", "/*", "*/", "-- x", "${limit}", "\"", "`", "größer 🔥", "%s", "U&'\\0041'");
    private static final List<Long> INTEGERS = List.of(0L, 1L, -1L, 60_000L, Long.MAX_VALUE, Long.MIN_VALUE);
    private static final List<String> DURATIONS = List.of("0s", "1s", "59s", "60s", "119s", "120s", "2m", "1h", "3601s", "25h", "99h");

    @Test
    void eachValueComesBackAsItWasGiven() throws Exception {
        List<Value> values = Stream.of(
                        TEXTS.stream().map(ParameterType.TEXT::read),
                        INTEGERS.stream().map(number -> ParameterType.INTEGER.read(number.toString())),
                        DURATIONS.stream().map(ParameterType.DURATION::read),
                        Stream.of("{}", "{\"users\": 1, \"it's\": -2}").map(ParameterType.MAP::read))
                .flatMap(stream -> stream)
                .toList();
        String sql = IntStream.range(0, values.size())
                .mapToObj(index -> values.get(index).asExpression() + " AS c" + index)
                .collect(Collectors.joining(", ", "SELECT ", ""));
        Row row;
        try (CloseableIterator<Row> rows =
                TableEnvironment.create(EnvironmentSettings.inBatchMode()).executeSql(sql).collect()) {
            row = rows.next();
        }
        for (int index = 0; index < values.size(); index++) {
            assertEquals(meaning(values.get(index)), normal(row.getField(index)), values.get(index).asExpression());
        }
    }

    private static Object meaning(Value value) {
        if (value instanceof Value.TextValue text) {
            return text.text();
        }
        if (value instanceof Value.IntegerValue integer) {
            return integer.number();
        }
        if (value instanceof Value.DurationValue duration) {
            return duration.duration();
        }
        Map<String, Long> entries = ((Value.MapValue) value).entries();
        return entries.isEmpty() ? "NULL" : entries;
    }

    private static Object normal(Object field) {
        if (field == null) {
            return "NULL";
        }
        return field instanceof Integer number ? Long.valueOf(number) : field;
    }

    @ParameterizedTest
    @CsvSource({"1s, 1, 0", "119s, 119, 118", "120s, 120, 119", "2m, 120, 119", "1h, 3600, 3599"})
    void aWindowHasItsLengthInTumbleAndOver(String window, long seconds, long secondsBefore) {
        String sql = """
                CREATE TABLE source (k STRING, v BIGINT, t TIMESTAMP_LTZ(3), WATERMARK FOR t AS t - ${window})
                    WITH ('connector' = 'datagen');
                CREATE TABLE sink (k STRING, v BIGINT) WITH ('connector' = 'blackhole');
                INSERT INTO sink
                SELECT k, SUM(v) FROM TABLE(TUMBLE(TABLE source, DESCRIPTOR(t), ${window})) GROUP BY k, window_start, window_end;
                INSERT INTO sink
                SELECT k, SUM(v) OVER (PARTITION BY k ORDER BY t RANGE BETWEEN ${window - 1s} PRECEDING AND CURRENT ROW) FROM source;
                """;
        String parameter = "\"window\": {\"type\": \"duration\", \"doc\": \"d\"}";
        String plan = Submission.of(Definition.of(parameter, sql).given("window", window).render()).plan();
        List<JsonNode> nodes = nodes(plan);
        assertEquals(List.of(Duration.ofSeconds(seconds).toString()), found(nodes, "/windowing/window/size"));
        assertEquals(List.of(String.valueOf(secondsBefore * 1000)), found(nodes, "/overSpec/constants/0/value"));
    }

    private static List<JsonNode> nodes(String plan) {
        return StreamSupport.stream(JsonText.read("plan", plan).root().path("nodes").spliterator(), false).toList();
    }

    private static List<String> found(List<JsonNode> nodes, String pointer) {
        return nodes.stream().map(node -> node.at(pointer)).filter(JsonNode::isValueNode).map(JsonNode::asText).distinct().toList();
    }
}
