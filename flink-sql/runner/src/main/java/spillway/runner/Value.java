package spillway.runner;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What a parameter stands for, in one of the four types of {@code application.json}, and how SQL writes it. */
sealed interface Value {

    /** The name of the type, as {@code application.json} writes it. */
    String typeName();

    /** As a literal in a query. */
    String asExpression();

    /** As the value of an option of {@code WITH (…)} or {@code SET}; empty if the type has no such form. */
    Optional<String> asOption();

    record IntegerValue(long number) implements Value {
        @Override
        public String typeName() {
            return "integer";
        }

        /** A negative number gets parentheses: after a minus sign it would begin a comment. */
        @Override
        public String asExpression() {
            return number < 0 ? "(" + number + ")" : String.valueOf(number);
        }

        @Override
        public Optional<String> asOption() {
            return Optional.of(quote(String.valueOf(number)));
        }
    }

    /** Whole seconds, from 0 to 99 hours: what an interval literal of two digits per field can say. */
    record DurationValue(Duration duration) implements Value {
        @Override
        public String typeName() {
            return "duration";
        }

        /**
         * Flink's intervals have two digits per field: {@code INTERVAL '119' SECOND} overflows, {@code INTERVAL
         * '01:59' MINUTE TO SECOND} does not.
         */
        @Override
        public String asExpression() {
            long seconds = duration.toSeconds();
            return seconds < 3600
                    ? String.format(Locale.ROOT, "INTERVAL '%02d:%02d' MINUTE TO SECOND", seconds / 60, seconds % 60)
                    : String.format(Locale.ROOT, "INTERVAL '%d:%02d:%02d' HOUR TO SECOND",
                            seconds / 3600, seconds / 60 % 60, seconds % 60);
        }

        @Override
        public Optional<String> asOption() {
            return Optional.of(quote(duration.toSeconds() + " s"));
        }
    }

    record TextValue(String text) implements Value {
        @Override
        public String typeName() {
            return "text";
        }

        @Override
        public String asExpression() {
            return quote(text);
        }

        @Override
        public Optional<String> asOption() {
            return Optional.of(quote(text));
        }
    }

    /** Sorted by key, so that the same map always makes the same SQL. */
    record MapValue(SortedMap<String, Long> entries) implements Value {
        @Override
        public String typeName() {
            return "map<text, integer>";
        }

        /**
         * The cast gives every map the same type, whatever the lengths of its keys. An empty {@code MAP[]} has no
         * type in Flink; a NULL map answers NULL for every key just as well.
         */
        @Override
        public String asExpression() {
            if (entries.isEmpty()) {
                return "CAST(NULL AS MAP<STRING, BIGINT>)";
            }
            String list = entries.entrySet().stream()
                    .map(entry -> quote(entry.getKey()) + ", " + entry.getValue())
                    .collect(Collectors.joining(", "));
            return "CAST(MAP[" + list + "] AS MAP<STRING, BIGINT>)";
        }

        @Override
        public Optional<String> asOption() {
            return Optional.empty();
        }
    }

    /** The text as an SQL literal, whatever it holds. */
    static String quote(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
