package spillway.runner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.OptimizerConfigOptions;

/**
 * The settings that a definition's SQL may {@code SET}. Managed Flink lets code change only the properties on a list
 * of its own and fails the job over the rest, so that a setting is an error here unless it is known here too.
 *
 * <p>Left out on purpose: {@code pipeline.name} comes from {@code application.json}; {@code pipeline.jars},
 * {@code .classpaths} and {@code .cached-files} would bring code or data that is not in the release;
 * {@code table.exec.source.idle-timeout}, because the source knows better which of its shards is idle and which lags.
 */
final class Settings {

    /** On Managed Flink's list (its developer guide, "Programmatic Flink configuration properties"). */
    private static final List<ConfigOption<?>> ON_THE_LIST = List.of(
            PipelineOptions.AUTO_WATERMARK_INTERVAL,
            PipelineOptions.GENERIC_TYPES,
            PipelineOptions.MAX_PARALLELISM,
            PipelineOptions.OBJECT_REUSE,
            PipelineOptions.OPERATOR_CHAINING,
            ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_BUFFER_CAPACITY,
            ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_OUTPUT_MODE,
            ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_TIMEOUT);

    /** Of the kind that stands on that list, but its end was not seen: not verified against the service. */
    private static final List<ConfigOption<?>> NOT_VERIFIED = List.of(
            ExecutionConfigOptions.TABLE_EXEC_MINIBATCH_ALLOW_LATENCY,
            ExecutionConfigOptions.TABLE_EXEC_MINIBATCH_ENABLED,
            ExecutionConfigOptions.TABLE_EXEC_MINIBATCH_SIZE,
            ExecutionConfigOptions.TABLE_EXEC_SINK_NOT_NULL_ENFORCER,
            ExecutionConfigOptions.IDLE_STATE_RETENTION,
            OptimizerConfigOptions.TABLE_OPTIMIZER_AGG_PHASE_STRATEGY,
            OptimizerConfigOptions.TABLE_OPTIMIZER_DISTINCT_AGG_SPLIT_ENABLED);

    private static final Map<String, ConfigOption<?>> ALLOWED = Stream.concat(ON_THE_LIST.stream(), NOT_VERIFIED.stream())
            .collect(Collectors.toUnmodifiableMap(ConfigOption::key, option -> option));

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
        List<SqlToken> tokens = SqlScanner.scan(statement.file(), statement.sql(), problems).stream()
                .filter(SqlToken::speaks)
                .toList();
        boolean formed = tokens.size() == 4
                && tokens.get(1).kind() == SqlToken.Kind.STRING
                && tokens.get(2).is("=")
                && tokens.get(3).kind() == SqlToken.Kind.STRING;
        if (!formed) {
            problems.add("set-form", statement.file(), statement.line(), "write SET 'key' = 'value'; with both in single quotes");
            return Optional.empty();
        }
        Setting setting = new Setting(unquote(tokens.get(1)), unquote(tokens.get(3)));
        ConfigOption<?> option = ALLOWED.get(setting.key());
        if (option == null) {
            problems.add("set-not-allowed", statement.file(), statement.line(), "\"" + setting.key() + "\" may not be set here"
                    + Nearest.hint(setting.key(), ALLOWED.keySet()) + "; allowed are "
                    + String.join(", ", ALLOWED.keySet().stream().sorted().toList()));
            return Optional.empty();
        }
        checkValue(option, setting, statement, problems);
        return Optional.of(setting);
    }

    private static void checkValue(ConfigOption<?> option, Setting setting, RenderedStatement statement, Problems problems) {
        try {
            Configuration.fromMap(Map.of(setting.key(), setting.value())).get(option);
        } catch (IllegalArgumentException cause) {
            Throwable reason = cause.getCause() == null ? cause : cause.getCause();
            problems.add("set-ill-typed", statement.file(), statement.line(),
                    "\"" + setting.value() + "\" is no value for " + setting.key() + ": " + reason.getMessage());
        }
    }

    private static String unquote(SqlToken literal) {
        return literal.text().substring(1, literal.text().length() - 1).replace("''", "'");
    }
}
