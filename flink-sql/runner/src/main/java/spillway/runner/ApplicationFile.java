package spillway.runner;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code application.json}: the name of the job, its runtime and capacity, and the parameters of its SQL.
 *
 * @param name what the Flink job is called
 */
record ApplicationFile(String name, List<ParameterDeclaration> parameters) {

    static final String PLACE = "application.json";

    private static final Set<String> FIELDS = Set.of("$schema", "name", "runtime", "capacity", "parameters");
    private static final Set<String> CAPACITY_FIELDS = Set.of("parallelism", "parallelismPerKpu");
    private static final Set<String> PARAMETER_FIELDS = Set.of("type", "default", "min", "max", "values", "doc");

    /**
     * Reads the file's text.
     *
     * @throws DefinitionException if the text is not JSON; everything else goes to {@code problems}
     */
    static ApplicationFile read(String text, Problems problems) {
        JsonText json = JsonText.read(PLACE, text);
        JsonNode root = json.root();
        checkFields(json, "", FIELDS, problems);
        String name = root.path("name").asText("");
        if (!name.matches("[a-z][a-z0-9-]{0,63}")) {
            problems.add("application-name", PLACE, json.lineOf("/name"),
                    "name is \"" + name + "\", but it must be lower-case letters, digits and '-', beginning with a letter");
        }
        if (!root.path("runtime").asText("").matches("FLINK-[0-9]+_[0-9]+")) {
            problems.add("application-runtime", PLACE, json.lineOf("/runtime"),
                    "runtime is " + root.path("runtime") + ", but it must be one of Managed Flink's such as \"FLINK-2_2\"");
        }
        checkFields(json, "/capacity", CAPACITY_FIELDS, problems);
        for (String field : CAPACITY_FIELDS) {
            JsonNode number = root.path("capacity").path(field);
            if (!number.isInt() || number.intValue() < 1) {
                problems.add("application-capacity", PLACE, json.lineOf("/capacity"),
                        "capacity." + field + " is " + number + ", but it must be a whole number from 1");
            }
        }
        return new ApplicationFile(name, declarations(json, problems));
    }

    private static List<ParameterDeclaration> declarations(JsonText json, Problems problems) {
        List<ParameterDeclaration> declarations = new ArrayList<>();
        for (Iterator<Map.Entry<String, JsonNode>> fields = json.root().path("parameters").fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            declaration(json, field.getKey(), field.getValue(), problems).ifPresent(declarations::add);
        }
        return declarations;
    }

    private static Optional<ParameterDeclaration> declaration(JsonText json, String name, JsonNode node, Problems problems) {
        String pointer = "/parameters" + JsonText.step(name);
        int line = json.lineOf(pointer);
        if (!name.matches(Placeholder.NAME)) {
            problems.add("parameter-name", PLACE, line,
                    "\"" + name + "\" is no parameter name: use lower-case letters, digits and '_', beginning with a letter");
        }
        checkFields(json, pointer, PARAMETER_FIELDS, problems);
        if (node.path("doc").asText("").isBlank()) {
            problems.add("parameter-doc", PLACE, line, name + " has no doc: say in one sentence what it means and in which unit");
        }
        ParameterType type = ParameterType.named(node.path("type").asText(""));
        if (type == null) {
            problems.add("parameter-type", PLACE, json.lineOf(pointer + "/type"),
                    name + " has type " + node.path("type") + ", but it must be integer, duration, text or map<text, integer>");
            return Optional.empty();
        }
        Optional<Value> min = value(json, pointer, name, "min", boundType(type), problems);
        Optional<Value> max = value(json, pointer, name, "max", boundType(type), problems);
        Optional<Value> defaultValue = value(json, pointer, name, "default", Optional.of(type), problems);
        ParameterDeclaration declaration =
                new ParameterDeclaration(name, type, !node.has("default"), defaultValue, min, max, values(json, pointer, name, type, problems), line);
        defaultValue.flatMap(declaration::outOfBounds).ifPresent(fault ->
                problems.add("parameter-bounds", PLACE, json.lineOf(pointer + "/default"), name + ": its default " + fault));
        return Optional.of(declaration);
    }

    /** Bounds of a map hold for its numbers; a text has none. */
    private static Optional<ParameterType> boundType(ParameterType type) {
        return switch (type) {
            case INTEGER, MAP -> Optional.of(ParameterType.INTEGER);
            case DURATION -> Optional.of(ParameterType.DURATION);
            case TEXT -> Optional.empty();
        };
    }

    /** The only values that a text may have; the other types have bounds. */
    private static List<String> values(
            JsonText json, String pointer, String name, ParameterType type, Problems problems) {
        JsonNode node = json.root().at(pointer).path("values");
        List<String> values = new ArrayList<>();
        if (node.isMissingNode()) {
            return values;
        }
        node.forEach(value -> values.add(value.asText("")));
        boolean areTexts = values.size() > 0 && values.stream().noneMatch(String::isEmpty);
        if (type != ParameterType.TEXT || !node.isArray() || !areTexts) {
            problems.add("parameter-bounds", PLACE, json.lineOf(pointer + "/values"),
                    name + ": values is a list of texts such as [\"a\", \"b\"], and only a text may have it");
            return List.of();
        }
        return values;
    }

    private static Optional<Value> value(
            JsonText json, String pointer, String name, String field, Optional<ParameterType> type, Problems problems) {
        JsonNode node = json.root().at(pointer).path(field);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        int line = json.lineOf(pointer + "/" + field);
        if (type.isEmpty()) {
            problems.add("parameter-bounds", PLACE, line, name + " is a text and cannot have " + field);
            return Optional.empty();
        }
        try {
            return Optional.of(type.get().read(node));
        } catch (IllegalArgumentException fault) {
            problems.add("parameter-ill-typed", PLACE, line, name + ": its " + field + " " + fault.getMessage());
            return Optional.empty();
        }
    }

    private static void checkFields(JsonText json, String pointer, Set<String> known, Problems problems) {
        JsonNode node = json.root().at(pointer);
        if (!node.isObject()) {
            problems.add("application-field", PLACE, json.lineOf(pointer),
                    (pointer.isEmpty() ? "the file" : pointer) + " must be a JSON object");
            return;
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                problems.add("application-field", PLACE, json.lineOf(pointer + JsonText.step(name)),
                        "\"" + name + "\" is not known here; known are " + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }
}
