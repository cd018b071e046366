package spillway.runner;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Builds small applications and the values given to them, and says what is wrong with them. */
record Definition(String parametersJson, Map<String, String> sql, Map<String, String> given) {

    static Definition of(String parametersJson, String sql) {
        return new Definition(parametersJson, Map.of("detections/test.sql", sql), Map.of());
    }

    Definition given(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(given);
        more.put(name, value);
        return new Definition(parametersJson, sql, more);
    }

    RenderedApplication render() {
        String application = "{\n\"name\": \"test\", \"runtime\": \"FLINK-2_2\",\n"
                + "\"capacity\": {\"parallelism\": 1, \"parallelismPerKpu\": 1},\n\"parameters\": {\n" + parametersJson + "\n}}";
        Map<String, Integer> lines = given.keySet().stream().collect(Collectors.toMap(name -> name, name -> 7));
        return RenderedApplication.render(new Bundle(application, sql), new ApplicationProperties("given.json", given, lines));
    }

    /** The rendered text of the only statement. */
    String sqlOfOne() {
        List<RenderedStatement> statements = render().statements();
        if (statements.size() != 1) {
            throw new AssertionError("one statement was expected: " + statements);
        }
        return statements.get(0).sql();
    }

    /** Each problem as {@code place:line: code}; empty if there is none. */
    List<String> problems() {
        return messages().stream().map(text -> Arrays.stream(text.split(": ")).limit(2).collect(Collectors.joining(": "))).toList();
    }

    /** Each problem in full. */
    List<String> messages() {
        try {
            render();
            return List.of();
        } catch (DefinitionException fault) {
            return fault.problems().stream().map(Problem::toString).toList();
        }
    }
}
