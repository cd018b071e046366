package spillway.runner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An application with its values in it, ready for Flink.
 *
 * @param name what the job is called
 * @param settings of the whole job
 * @param statements in the order in which they take effect: functions, tables, views, INSERTs
 */
record RenderedApplication(String name, List<Settings.Setting> settings, List<RenderedStatement> statements) {

    /**
     * The application in the JAR, or in the folder that the options name, with the values of this environment.
     *
     * @throws DefinitionException with everything that is wrong with the files or the values
     */
    static RenderedApplication of(Options options) {
        Bundle bundle = options.application()
                .map(Bundle::ofFolder)
                .orElseGet(() -> Bundle.ofClassPath(RenderedApplication.class.getClassLoader()));
        return render(bundle, ApplicationProperties.load(options.properties()));
    }

    /** @throws DefinitionException with everything that is wrong with the files or the values */
    static RenderedApplication render(Bundle bundle, ApplicationProperties properties) {
        Problems problems = new Problems();
        ApplicationFile application = ApplicationFile.read(bundle.applicationJson(), problems);
        Map<String, Value> values = Parameters.resolve(application.parameters(), properties, problems);
        List<String> names = application.parameters().stream().map(ParameterDeclaration::name).toList();
        Rendering rendering = new Rendering(names, values, problems);
        List<RenderedStatement> statements = new ArrayList<>();
        bundle.sql().forEach((file, text) ->
                Statements.split(file, text, problems).forEach(statement -> statements.add(rendering.render(statement))));
        rendering.checkUnused(application.parameters());
        statements.sort(Comparator.comparing(RenderedStatement::kind));
        List<Settings.Setting> settings = Settings.read(statements, problems);
        statements.removeIf(statement -> statement.kind() == Statement.Kind.SET);
        if (statements.stream().noneMatch(statement -> statement.kind() == Statement.Kind.INSERT)) {
            problems.add("insert-missing", ApplicationFile.PLACE, 0,
                    "no file of the application holds an INSERT INTO, so that it would do nothing: add a detection");
        }
        problems.throwIfAny();
        return new RenderedApplication(application.name(), settings, List.copyOf(statements));
    }

    /** The SQL that runs, as one text that says where each statement comes from. */
    String sql() {
        String head = settings.stream()
                .map(setting -> "SET " + Value.quote(setting.key()) + " = " + Value.quote(setting.value()) + ";\n")
                .collect(Collectors.joining());
        return head + statements.stream()
                .map(statement -> "\n-- " + statement.place() + "\n" + statement.sql() + ";\n")
                .collect(Collectors.joining());
    }
}
