package spillway.runner;

import java.util.List;

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
        List<String> given = List.of(arguments);
        // The other modes are for the command line, where a stack trace would only hide the problems.
        if (given.contains("--print") || given.contains("--help")) {
            System.exit(new Printing(System.out, System.err).print(given));
        }
        Options options = Options.read(given);
        Submission.of(RenderedApplication.of(options)).submit();
    }
}
