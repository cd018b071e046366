package spillway.runner;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;

/** Hands a rendered application to Flink as one job. */
final class Submission {

    private Submission() {}

    /**
     * Settings, functions, tables and views: everything the INSERTs stand on.
     *
     * @throws DefinitionException naming file and line of the first statement that Flink refuses
     */
    static void define(TableEnvironment environment, RenderedApplication application) {
        environment.getConfig().set("pipeline.name", application.name());
        application.settings().forEach(setting -> environment.getConfig().set(setting.key(), setting.value()));
        for (RenderedStatement statement : application.statements()) {
            if (statement.kind() != Statement.Kind.INSERT) {
                attempt(statement, () -> environment.executeSql(statement.sql()));
            }
        }
    }

    /**
     * All INSERTs in one set, so that they share their source and are one job.
     *
     * @throws DefinitionException naming file and line of the first INSERT that Flink refuses
     */
    static StatementSet inserts(TableEnvironment environment, RenderedApplication application) {
        StatementSet set = environment.createStatementSet();
        for (RenderedStatement statement : application.statements()) {
            if (statement.kind() == Statement.Kind.INSERT) {
                attempt(statement, () -> set.addInsertSql(statement.sql()));
            }
        }
        return set;
    }

    private static void attempt(RenderedStatement statement, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException cause) {
            String message = "Flink refuses the statement that begins here: " + rootMessage(cause);
            throw new DefinitionException(new Problem("sql-refused", statement.file(), statement.line(), message), cause);
        }
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
