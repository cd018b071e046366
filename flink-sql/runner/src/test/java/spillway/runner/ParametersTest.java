package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {

    private static final String SQL = "INSERT INTO t SELECT ${p};";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "integer | 60k", "integer | 1.0", "integer | 9223372036854775808", "integer | ``",
        "duration | 2 minutes", "duration | 90", "duration | -1s", "duration | 1ms", "duration | 100h",
        "map<text, integer> | users=1", "map<text, integer> | [1]", "map<text, integer> | {\"a\": \"1\"}", "map<text, integer> | {\"a\": 1.5}",
        "map<text, integer> | {\"a\": 1, \"a\": 2}", "map<text, integer> | {\"a\\n\": 1}"
    })
    void refusesValuesOfAnotherType(String type, String value) {
        String declaration = "\"p\": {\"type\": \"" + type + "\", \"doc\": \"d\"}";
        assertEquals(List.of("given.json:7: parameter-ill-typed"), Definition.of(declaration, SQL).given("p", value).problems());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "integer | 2 | 5 | 1", "integer | 2 | 5 | 6", "duration | \"2s\" | \"1m\" | 1s", "duration | \"2s\" | \"1m\" | 61s",
        "map<text, integer> | 2 | 5 | {\"a\": 2, \"b\": 6}"
    })
    void refusesValuesOutOfBounds(String type, String min, String max, String value) {
        String declaration = "\"p\": {\"type\": \"%s\", \"min\": %s, \"max\": %s, \"doc\": \"d\"}".formatted(type, min, max);
        assertEquals(List.of("given.json:7: parameter-bounds"), Definition.of(declaration, SQL).given("p", value).problems());
    }

    @Test
    void refusesTextsOfMoreThanOneLine() {
        String declaration = "\"p\": {\"type\": \"text\", \"doc\": \"d\"}";
        for (String value : List.of("a\nb", "a\rb", "a\u0000", "\u0085")) {
            assertEquals(List.of("given.json:7: parameter-ill-typed"), Definition.of(declaration, SQL).given("p", value).problems());
        }
    }

    @Test
    void refusesATextThatIsNoneOfThoseDeclared() {
        Definition definition = Definition.of("\"p\": {\"type\": \"text\", \"values\": [\"LATEST\", \"AT_TIMESTAMP\"], \"doc\": \"d\"}", SQL);
        assertEquals("INSERT INTO t SELECT 'LATEST'", definition.given("p", "LATEST").sqlOfOne());
        assertEquals(
                List.of("given.json:7: parameter-bounds: p is \"LATST\", but it must be one of LATEST, AT_TIMESTAMP; "
                        + "did you mean \"LATEST\"? (application.json:5)"),
                definition.given("p", "LATST").messages());
    }

    @Test
    void takesTheGivenValueBeforeTheDefault() {
        Definition definition = Definition.of("\"p\": {\"type\": \"integer\", \"default\": 1, \"doc\": \"d\"}", SQL);
        assertEquals("INSERT INTO t SELECT 1", definition.sqlOfOne());
        assertEquals("INSERT INTO t SELECT 2", definition.given("p", "2").sqlOfOne());
    }

    @Test
    void saysWhichParametersAreMissingAndWhichPropertiesAreUnknown() {
        List<String> messages = Definition.of("\"limit\": {\"type\": \"integer\", \"doc\": \"d\"}", "INSERT INTO t SELECT ${limit};")
                .given("limits", "1").messages();
        assertEquals(2, messages.size());
        assertTrue(messages.get(0).startsWith("application.json:5: parameter-missing: limit has no default"), messages.get(0));
        assertTrue(messages.get(1).startsWith("given.json:7: property-unknown: \"limits\" is no parameter"), messages.get(1));
        assertTrue(messages.get(1).contains("did you mean \"limit\"?"), messages.get(1));
    }

    @Test
    void refusesFaultyDeclarations() {
        String declarations = """
                "A": {"type": "integer", "default": 1, "doc": "d"},
                "b": {"type": "number", "doc": "d"},
                "c": {"type": "integer", "default": "1", "doc": "d"},
                "d": {"type": "integer", "default": 1, "min": 2, "doc": "d"},
                "e": {"type": "text", "default": "", "min": 2, "doc": "d"},
                "f": {"type": "integer", "default": 1, "doc": ""},
                "g": {"type": "integer", "default": 1, "doc": "d", "unit": "s"},
                "h": {"type": "integer", "default": 1, "doc": "d", "values": ["1"]},
                "i": {"type": "text", "default": "a", "doc": "d", "values": []},
                "j": {"type": "text", "default": "a", "doc": "d", "values": ["b"]}""";
        assertEquals(
                List.of("application.json:5: parameter-name",
                        "application.json:6: parameter-type",
                        "application.json:7: parameter-ill-typed",
                        "application.json:8: parameter-bounds",
                        "application.json:9: parameter-bounds",
                        "application.json:10: parameter-doc",
                        "application.json:11: application-field",
                        "application.json:12: parameter-bounds",
                        "application.json:13: parameter-bounds",
                        "application.json:14: parameter-bounds"),
                Definition.of(declarations, "INSERT INTO t SELECT 1;").problems().stream()
                        .filter(problem -> !problem.endsWith("parameter-unused")).toList());
    }
}
