package spillway.runner;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * <code>${name}</code>, or <code>${name - 1s}</code>: a frame that includes the current second reaches one second
 * less far back than the window is long. That is all the arithmetic there is.
 *
 * @param less what to subtract from a duration; zero if nothing
 */
record Placeholder(String name, Duration less) {

    static final String NAME = "[a-z][a-z0-9_]*";

    private static final Pattern FORM =
            Pattern.compile("\\$\\{\\s*(" + NAME + ")\\s*(?:-\\s*([0-9]+[smh])\\s*)?\\}");

    /** @return empty if the text has another form */
    static Optional<Placeholder> read(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Duration less = matcher.group(2) == null ? Duration.ZERO : ParameterType.duration(matcher.group(2));
            return Optional.of(new Placeholder(matcher.group(1), less));
        } catch (IllegalArgumentException tooLong) {
            return Optional.empty();
        }
    }
}
