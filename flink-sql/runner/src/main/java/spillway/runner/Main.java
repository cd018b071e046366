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
     * @throws RuntimeException if the definition, a value or the SQL is wrong; the message lists every problem
     */
    public static void main(String[] arguments) {
        Options options = Options.read(List.of(arguments));
        Bundle bundle = options.application()
                .map(Bundle::ofFolder)
                .orElseGet(() -> Bundle.ofClassPath(Main.class.getClassLoader()));
        RenderedApplication application =
                RenderedApplication.render(bundle, ApplicationProperties.load(options.properties()));
        if (options.mode() == Options.Mode.RENDER) {
            System.out.print(application.sql());
            return;
        }
        TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        Submission.define(environment, application);
        StatementSet inserts = Submission.inserts(environment, application);
        if (options.mode() == Options.Mode.PRINT_PLAN) {
            System.out.println(inserts.compilePlan().asJsonString());
        } else {
            inserts.execute();
        }
    }
}
