package spillway.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.api.CompiledPlan;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/** Hands a rendered application to Flink as one job. */
final class Submission {

    /** Where Flink's parser and validator say that they stumbled. */
    private static final Pattern POSITION = Pattern.compile("\\bline (\\d+),");

    /** A view without column names, comment and options: they would have to be carried over. */
    private static final Pattern VIEW = Pattern.compile("^\\s*CREATE\\s+VIEW\\s+(?<name>`[^`]+`|\\w+)\\s+AS\\b", Pattern.CASE_INSENSITIVE);

    private final TableEnvironment environment;
    private final RenderedApplication application;

    private Submission(TableEnvironment environment, RenderedApplication application) {
        this.environment = environment;
        this.application = application;
    }

    /** On the Flink that surrounds this program. */
    static Submission of(RenderedApplication application) {
        return new Submission(TableEnvironment.create(EnvironmentSettings.inStreamingMode()), application);
    }

    /** @throws DefinitionException naming file and line of the first statement that Flink refuses */
    TableResult submit() {
        define(environment, application);
        return blaming(StatementSet::execute, environment::explainSql);
    }

    /**
     * Flink's compiled plan as JSON. Only the first plan of a JVM numbers its nodes from 1, so that two plans can be
     * compared only if each was made by a JVM of its own.
     *
     * @throws DefinitionException naming file and line of the first statement that Flink refuses
     */
    String plan() {
        define(environment, application);
        return blaming(set -> checked(set.compilePlan()).asJsonString(), sql -> checked(environment.compilePlanSql(sql)));
    }

    /** Some of what Flink cannot run it finds only when it turns the plan into operators, which explaining it does. */
    private static CompiledPlan checked(CompiledPlan plan) {
        plan.explain();
        return plan;
    }

    /**
     * Settings, functions, tables and views: everything the INSERTs stand on.
     *
     * @throws DefinitionException naming file and line of the first statement that Flink refuses
     */
    static void define(TableEnvironment environment, RenderedApplication application) {
        environment.getConfig().set("pipeline.name", application.name());
        application.settings().forEach(setting -> environment.getConfig().set(setting.key(), setting.value()));
        for (RenderedStatement statement : application.statements()) {
            if (statement.kind() == Statement.Kind.CREATE_VIEW) {
                attempt(statement, sql -> createView(environment, sql));
            } else if (statement.kind() != Statement.Kind.INSERT) {
                attempt(statement, environment::executeSql);
            }
        }
    }

    /**
     * A view that several INSERTs read is worked out once if it is one query to them. Flink's CREATE VIEW is only a text,
     * which each of them reads anew: then each unnests for itself, under another name for the correlation, and Flink finds
     * nothing in common any more. So the view's query is read here, once.
     */
    private static void createView(TableEnvironment environment, String sql) {
        Matcher view = VIEW.matcher(sql);
        if (!view.find()) {
            environment.executeSql(sql);
            return;
        }
        // As many lines as before, because Flink counts them from here.
        String query = sql.substring(0, view.end()).replaceAll("[^\n]", " ") + sql.substring(view.end());
        environment.createTemporaryView(view.group("name"), environment.sqlQuery(query));
    }

    /**
     * All INSERTs in one set, so that they share their source and are one job.
     *
     * @throws DefinitionException naming file and line of the first INSERT that Flink refuses
     */
    static StatementSet inserts(TableEnvironment environment, RenderedApplication application) {
        StatementSet set = environment.createStatementSet();
        inserts(application).forEach(statement -> attempt(statement, set::addInsertSql));
        return set;
    }

    private static List<RenderedStatement> inserts(RenderedApplication application) {
        return application.statements().stream().filter(statement -> statement.kind() == Statement.Kind.INSERT).toList();
    }

    /**
     * Some of what Flink refuses it finds only when it plans the whole set, and then it does not say in which INSERT:
     * each is planned alone until one is refused.
     */
    private <Result> Result blaming(Function<StatementSet, Result> action, Consumer<String> planAlone) {
        StatementSet set = inserts(environment, application);
        try {
            return action.apply(set);
        } catch (RuntimeException cause) {
            inserts(application).forEach(statement -> attempt(statement, planAlone));
            throw cause;
        }
    }

    private static void attempt(RenderedStatement statement, Consumer<String> action) {
        try {
            action.accept(statement.sql());
        } catch (RuntimeException cause) {
            throw new DefinitionException(refusal(statement, rootMessage(cause)), cause);
        }
    }

    /** Flink counts lines from the statement's first; a value has no line break, so that the file's are as many. */
    private static Problem refusal(RenderedStatement statement, String reason) {
        List<Integer> lines = new ArrayList<>();
        String inFile = POSITION.matcher(reason).replaceAll(position -> {
            int line = statement.line() + Integer.parseInt(position.group(1)) - 1;
            lines.add(line);
            return "line " + line + ",";
        });
        return lines.isEmpty()
                ? new Problem("sql-refused", statement.file(), statement.line(),
                        "Flink refuses the statement that begins here: " + inFile)
                : new Problem("sql-refused", statement.file(), lines.get(0), "Flink refuses this: " + inFile);
    }

    private static String rootMessage(Throwable thrown) {
        List<String> messages = new ArrayList<>();
        for (Throwable cause = thrown; cause != null && messages.size() < 10; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (messages.stream().noneMatch(known -> known.contains(message))) {
                messages.add(message);
            }
        }
        return String.join("; because ", messages);
    }
}
