package spillway.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * The values of parameters as an environment gives them: the property group {@code spillway} of Managed Flink's
 * application properties. Other groups belong to others and are left alone.
 *
 * @param place where they were read, for problems
 * @param texts by parameter name
 * @param lines by parameter name, from 1
 */
record ApplicationProperties(String place, Map<String, String> texts, Map<String, Integer> lines) {

    /** Where Managed Flink puts them (its developer guide, "Access runtime properties"). */
    static final Path MANAGED_FLINK = Path.of("/etc/flink/application_properties.json");

    static final String GROUP = "spillway";

    static ApplicationProperties none() {
        return new ApplicationProperties(MANAGED_FLINK.toString(), Map.of(), Map.of());
    }

    /**
     * @param given a file that must exist; if empty, Managed Flink's is read where it exists
     * @throws DefinitionException if the file cannot be read or does not hold property groups
     */
    static ApplicationProperties load(Optional<Path> given) {
        if (given.isEmpty() && !Files.exists(MANAGED_FLINK)) {
            return none();
        }
        Path file = given.orElse(MANAGED_FLINK);
        try {
            return read(file.toString(), Files.readString(file));
        } catch (IOException cause) {
            Problem problem = new Problem("properties-unreadable", file.toString(), 0,
                    "cannot be read (" + cause + "): give --properties the path of a JSON file of property groups");
            throw new DefinitionException(problem, cause);
        }
    }

    /** @throws DefinitionException if the text does not hold property groups */
    static ApplicationProperties read(String place, String text) {
        JsonText json = JsonText.read(place, text);
        if (!json.root().isArray()) {
            throw new DefinitionException(List.of(new Problem("properties-form", place, 1,
                    "must be a list of {\"PropertyGroupId\": …, \"PropertyMap\": {…}}, as Managed Flink writes it")));
        }
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        Problems problems = new Problems();
        for (int index = 0; index < json.root().size(); index++) {
            JsonNode group = json.root().get(index);
            if (!group.path("PropertyGroupId").asText("").equals(GROUP)) {
                continue;
            }
            for (Iterator<Map.Entry<String, JsonNode>> fields = group.path("PropertyMap").fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                int line = json.lineOf("/" + index + "/PropertyMap" + JsonText.step(field.getKey()));
                if (texts.containsKey(field.getKey())) {
                    problems.add("properties-form", place, line,
                            field.getKey() + " is given twice, in two groups \"" + GROUP + "\": keep one of them");
                } else if (field.getValue().isTextual()) {
                    texts.put(field.getKey(), field.getValue().textValue());
                    lines.put(field.getKey(), line);
                } else {
                    problems.add("properties-form", place, line,
                            field.getKey() + " is " + field.getValue() + ", but every property is a text in double quotes");
                }
            }
        }
        problems.throwIfAny();
        return new ApplicationProperties(place, texts, lines);
    }
}
