package spillway.runner;

import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;

/**
 * What Managed Flink starts: reads the application in the JAR, fills in the values of its parameters and submits
 * exactly one job. It does not wait for the job, which has no end.
 */
public final class Main {

    private Main() {}

    /**
     * @param arguments see {@link Options#USAGE}
     * @throws RuntimeException if the job cannot be submitted: the definition, a value or the SQL is wrong; the
     *     message lists every problem, and Flink hands it on to whoever asked for the job
     */
    public static void main(String[] arguments) {
        Options options = Options.read(List.of(arguments));
        if (options.mode() == Options.Mode.RUN) {
            inserts(render(options)).execute();
            return;
        }
        // The other modes are for the command line, where a stack trace would only hide the problems.
        try {
            System.out.println(print(options));
        } catch (DefinitionException fault) {
            System.err.println(fault.getMessage());
            System.exit(1);
        }
    }

    private static String print(Options options) {
        RenderedApplication application = render(options);
        return options.mode() == Options.Mode.RENDER
                ? application.sql()
                : inserts(application).compilePlan().asJsonString();
    }

    private static RenderedApplication render(Options options) {
        Bundle bundle = options.application()
                .map(Bundle::ofFolder)
                .orElseGet(() -> Bundle.ofClassPath(Main.class.getClassLoader()));
        return RenderedApplication.render(bundle, ApplicationProperties.load(options.properties()));
    }

    private static StatementSet inserts(RenderedApplication application) {
        TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        Submission.define(environment, application);
        return Submission.inserts(environment, application);
    }
}
