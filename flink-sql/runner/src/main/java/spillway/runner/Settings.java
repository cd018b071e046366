package spillway.runner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings that a definition's SQL may {@code SET}. Managed Flink lets code change only some of Flink's
 * configuration and fails the job over the rest, so that a setting is an error here unless it is on this list.
 * {@code table.exec.source.idle-timeout} is left out on purpose: the source knows better which of its shards is
 * idle and which lags.
 */
final class Settings {

    static final Set<String> ALLOWED = Set.of(
            "pipeline.auto-watermark-interval",
            "pipeline.object-reuse",
            "table.exec.mini-batch.allow-latency",
            "table.exec.mini-batch.enabled",
            "table.exec.mini-batch.size",
            "table.exec.sink.not-null-enforcer",
            "table.exec.state.ttl",
            "table.optimizer.agg-phase-strategy",
            "table.optimizer.distinct-agg.split.enabled");

    private static final Pattern FORM =
            Pattern.compile("(?is)SET\\s+'((?:[^']|'')+)'\\s*=\\s*'((?:[^']|'')*)'");

    private Settings() {}

    /** A key and its value, as the statement says. */
    record Setting(String key, String value) {}

    /** Also checks that no two statements say different things about one key: a setting holds for the whole job. */
    static List<Setting> read(List<RenderedStatement> statements, Problems problems) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (RenderedStatement statement : statements) {
            if (statement.kind() == Statement.Kind.SET) {
                read(statement, problems).ifPresent(setting -> {
                    Setting before = settings.putIfAbsent(setting.key(), setting);
                    if (before != null && !before.equals(setting)) {
                        problems.add("set-contradiction", statement.file(), statement.line(), setting.key() + " is set to \""
                                + setting.value() + "\", but a setting holds for the whole job and another SET says \""
                                + before.value() + "\": keep one of them");
                    }
                });
            }
        }
        return List.copyOf(settings.values());
    }

    private static Optional<Setting> read(RenderedStatement statement, Problems problems) {
        Matcher matcher = FORM.matcher(statement.sql());
        if (!matcher.matches()) {
            problems.add("set-form", statement.file(), statement.line(), "write SET 'key' = 'value'; with both in single quotes");
            return Optional.empty();
        }
        String key = matcher.group(1);
        if (!ALLOWED.contains(key)) {
            problems.add("set-not-allowed", statement.file(), statement.line(), "\"" + key + "\" may not be set here"
                    + Nearest.hint(key, ALLOWED) + "; allowed are " + String.join(", ", ALLOWED.stream().sorted().toList()));
        }
        return Optional.of(new Setting(key, matcher.group(2)));
    }
}
