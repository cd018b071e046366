package spillway.runner;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One parameter as {@code application.json} declares it.
 *
 * @param required whether it declares no default
 * @param defaultValue empty if there is none, or if it is a problem
 * @param min smallest allowed value (of a map: of each of its numbers), as an integer or a duration
 * @param max largest allowed value, likewise
 * @param values the only ones that a text may be; empty if it may be any
 * @param line of its declaration in {@code application.json}
 */
record ParameterDeclaration(
        String name,
        ParameterType type,
        boolean required,
        Optional<Value> defaultValue,
        Optional<Value> min,
        Optional<Value> max,
        List<String> values,
        int line) {

    /** What is wrong with the value's size, or with a text that is none of those allowed, as the end of a sentence that begins with the parameter's name. */
    Optional<String> outOfBounds(Value value) {
        if (value instanceof Value.MapValue map) {
            return map.entries().entrySet().stream()
                    .map(entry -> outOfBounds(entry.getValue(), "has " + entry.getValue() + " for \"" + entry.getKey() + "\""))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        if (value instanceof Value.IntegerValue integer) {
            return outOfBounds(integer.number(), "is " + integer.number());
        }
        if (value instanceof Value.DurationValue duration) {
            return outOfBounds(duration.duration().toSeconds(), "is " + write(duration));
        }
        if (value instanceof Value.TextValue text && !values.isEmpty() && !values.contains(text.text())) {
            return Optional.of("is \"" + text.text() + "\", but it must be one of " + String.join(", ", values)
                    + Nearest.hint(text.text(), values));
        }
        return Optional.empty();
    }

    private Optional<String> outOfBounds(long number, String sentence) {
        if (min.isPresent() && number < measure(min.get())) {
            return Optional.of(sentence + ", less than its min " + write(min.get()));
        }
        if (max.isPresent() && number > measure(max.get())) {
            return Optional.of(sentence + ", more than its max " + write(max.get()));
        }
        return Optional.empty();
    }

    private static long measure(Value bound) {
        return bound instanceof Value.DurationValue duration
                ? duration.duration().toSeconds()
                : ((Value.IntegerValue) bound).number();
    }

    private static String write(Value bound) {
        if (bound instanceof Value.DurationValue value) {
            Duration duration = value.duration();
            return duration.toSeconds() + "s";
        }
        return String.valueOf(((Value.IntegerValue) bound).number());
    }
}
