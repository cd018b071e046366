package spillway.runner;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** The types of parameters: how each is written as JSON, and as the text of a property. */
enum ParameterType {
    INTEGER("integer") {
        @Override
        Value read(JsonNode json) {
            if (!json.isIntegralNumber() || !json.canConvertToLong()) {
                throw new IllegalArgumentException("is " + json + ", but an integer is written as a whole number such as 60000");
            }
            return new Value.IntegerValue(json.longValue());
        }

        @Override
        Value read(String text) {
            if (!text.matches("-?[0-9]{1,19}") || new BigInteger(text).bitLength() > 63) {
                throw new IllegalArgumentException("is \"" + text + "\", but an integer is written in digits such as 60000");
            }
            return new Value.IntegerValue(Long.parseLong(text));
        }
    },

    DURATION("duration") {
        @Override
        Value read(JsonNode json) {
            if (!json.isTextual()) {
                throw new IllegalArgumentException("is " + json + ", but " + DURATION_FORM);
            }
            return read(json.textValue());
        }

        @Override
        Value read(String text) {
            return new Value.DurationValue(duration(text));
        }
    },

    TEXT("text") {
        @Override
        Value read(JsonNode json) {
            if (!json.isTextual()) {
                throw new IllegalArgumentException("is " + json + ", but a text is written in double quotes");
            }
            return read(json.textValue());
        }

        @Override
        Value read(String text) {
            if (hasControlCharacter(text)) {
                throw new IllegalArgumentException("holds a control character; a text is one line of visible characters");
            }
            return new Value.TextValue(text);
        }
    },

    MAP("map<text, integer>") {
        @Override
        Value read(JsonNode json) {
            if (!json.isObject()) {
                throw new IllegalArgumentException("is " + json + ", but " + MAP_FORM);
            }
            SortedMap<String, Long> entries = new TreeMap<>();
            for (Iterator<Map.Entry<String, JsonNode>> fields = json.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                if (!field.getValue().isIntegralNumber() || !field.getValue().canConvertToLong()) {
                    throw new IllegalArgumentException(
                            "has " + field.getValue() + " for \"" + field.getKey() + "\", but " + MAP_FORM);
                }
                if (hasControlCharacter(field.getKey())) {
                    throw new IllegalArgumentException("has a key with a control character; a text is one line of visible characters");
                }
                entries.put(field.getKey(), field.getValue().longValue());
            }
            return new Value.MapValue(entries);
        }

        @Override
        Value read(String text) {
            try {
                return read(JsonText.read("map", text).root());
            } catch (DefinitionException notJson) {
                throw new IllegalArgumentException("is \"" + text + "\", but " + MAP_FORM, notJson);
            }
        }
    };

    private static final String DURATION_FORM = "a duration is whole seconds, minutes or hours such as 5s, 2m or 1h, at most 99h";
    private static final String MAP_FORM = "a map is a JSON object of whole numbers such as {\"users\": 60000}";
    private static final Pattern DURATION_PATTERN = Pattern.compile("([0-9]{1,6})(s|m|h)");
    private static final Duration LONGEST = Duration.ofHours(99);

    private final String typeName;

    ParameterType(String typeName) {
        this.typeName = typeName;
    }

    /** @return null if there is no type of that name */
    static ParameterType named(String typeName) {
        for (ParameterType type : values()) {
            if (type.typeName.equals(typeName)) {
                return type;
            }
        }
        return null;
    }

    String typeName() {
        return typeName;
    }

    /** @throws IllegalArgumentException whose message continues a sentence that begins with the parameter's name */
    abstract Value read(JsonNode json);

    /** @throws IllegalArgumentException whose message continues a sentence that begins with the parameter's name */
    abstract Value read(String text);

    private static boolean hasControlCharacter(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** @throws IllegalArgumentException if the text is no duration */
    static Duration duration(String text) {
        Matcher matcher = DURATION_PATTERN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is \"" + text + "\", but " + DURATION_FORM);
        }
        long number = Long.parseLong(matcher.group(1));
        Duration duration =
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                };
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("is \"" + text + "\", but " + DURATION_FORM);
        }
        return duration;
    }
}
