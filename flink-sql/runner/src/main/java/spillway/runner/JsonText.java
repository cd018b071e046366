package spillway.runner;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParser;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonToken;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.DeserializationFeature;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A JSON text that still knows on which line each of its values stands.
 *
 * <p>Jackson's tree forgets the lines, so the text is read twice: once for the tree, once for the lines. Such
 * files have some dozens of lines.
 */
final class JsonText {

    private static final ObjectMapper MAPPER =
            new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String place;
    private final JsonNode root;
    private final Map<String, Integer> lines;

    private JsonText(String place, JsonNode root, Map<String, Integer> lines) {
        this.place = place;
        this.root = root;
        this.lines = lines;
    }

    /**
     * @param place what to call the text in problems
     * @throws DefinitionException if the text is not JSON
     */
    static JsonText read(String place, String text) {
        try {
            return new JsonText(place, MAPPER.readTree(text), linesOf(text));
        } catch (JsonProcessingException cause) {
            int line = cause.getLocation() == null ? 0 : cause.getLocation().getLineNr();
            Problem problem = new Problem("json-malformed", place, line, "not JSON: " + cause.getOriginalMessage());
            throw new DefinitionException(problem, cause);
        } catch (IOException cause) {
            throw new IllegalStateException("a text in memory cannot fail to be read", cause);
        }
    }

    String place() {
        return place;
    }

    JsonNode root() {
        return root;
    }

    /** The line of the value at a JSON pointer such as {@code /parameters/window/min}, 0 if there is none. */
    int lineOf(String pointer) {
        return lines.getOrDefault(pointer, 0);
    }

    /** A name as one step of a JSON pointer. */
    static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static Map<String, Integer> linesOf(String text) throws IOException {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                String pointer = parser.getParsingContext().pathAsPointer().toString();
                lines.putIfAbsent(pointer, parser.currentTokenLocation().getLineNr());
            }
        }
        return lines;
    }
}
