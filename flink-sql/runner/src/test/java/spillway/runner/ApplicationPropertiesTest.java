package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApplicationPropertiesTest {

    @Test
    void takesItsOwnGroupAndLeavesOthersAlone() {
        ApplicationProperties properties = ApplicationProperties.read("p.json", """
                [ {"PropertyGroupId": "kinesis.analytics.flink.run.options", "PropertyMap": {"jarfile": "x"}},
                  {"PropertyGroupId": "spillway", "PropertyMap": {
                    "limit": "60000",
                    "limits": "{\\"users\\": 1}"
                  }} ]""");
        assertEquals(Map.of("limit", "60000", "limits", "{\"users\": 1}"), properties.texts());
        assertEquals(Map.of("limit", 3, "limits", 4), properties.lines());
    }

    @Test
    void saysWhatIsNotAPropertyGroup() {
        assertEquals(List.of("p.json:1: properties-form"), problems("{\"limit\": \"1\"}"));
        assertEquals(List.of("p.json:2: properties-form"),
                problems("[{\"PropertyGroupId\": \"spillway\", \"PropertyMap\": {\n\"limit\": 1}}]"));
        assertEquals(List.of("p.json:3: properties-form"),
                problems("[{\"PropertyGroupId\": \"spillway\", \"PropertyMap\": {\"limit\": \"1\"}},\n"
                        + "{\"PropertyGroupId\": \"spillway\", \"PropertyMap\": {\n\"limit\": \"2\"}}]"));
    }

    @Test
    void saysThatAGivenFileIsMissing() {
        Optional<Path> file = Optional.of(Path.of("target", "no-such-file.json"));
        DefinitionException fault = assertThrows(DefinitionException.class, () -> ApplicationProperties.load(file));
        assertTrue(fault.getMessage().contains("properties-unreadable: cannot be read"), fault.getMessage());
    }

    private static List<String> problems(String text) {
        DefinitionException fault = assertThrows(DefinitionException.class, () -> ApplicationProperties.read("p.json", text));
        return fault.problems().stream().map(problem -> problem.place() + ":" + problem.line() + ": " + problem.code()).toList();
    }
}
