package spillway.runner;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the runner was asked for.
 *
 * @param properties a file of property groups in place of Managed Flink's own
 * @param application a folder of the source tree in place of the files in the JAR
 * @param json whether to print problems as JSON instead of as text
 */
record Options(Mode mode, Optional<Path> properties, Optional<Path> application, boolean json) {

    enum Mode {
        /** Submit the job. */
        RUN,
        PRINT_SQL,
        PRINT_PLAN,
        HELP
    }

    static final String USAGE = """
            usage: spillway.runner.Main [--print sql | --print plan] [--json] [--properties FILE] [--application FOLDER]
              --print sql           print the SQL that would run, and stop
              --print plan          print Flink's compiled plan as JSON, and stop
              --json                with --print: print what is wrong as {"problems": […]} on standard output
              --properties FILE     take the property group "spillway" from FILE (else %s)
              --application FOLDER  take the application's files from FOLDER (else from the JAR)
              --help                print this, and stop
            With --print it exits with 0, with 1 if the application or a value is wrong (what and where is on standard
            error), or with 70 if the runner or Flink failed. Without, it submits one job."""
            .formatted(ApplicationProperties.MANAGED_FLINK);

    /** @throws DefinitionException if an argument is not known or lacks its value */
    static Options read(List<String> arguments) {
        Mode mode = Mode.RUN;
        boolean json = false;
        Optional<Path> properties = Optional.empty();
        Optional<Path> application = Optional.empty();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            switch (argument) {
                case "--help" -> mode = Mode.HELP;
                case "--json" -> json = true;
                case "--print" -> mode = mode(value(argument, "sql or plan", rest));
                case "--properties" -> properties = Optional.of(Path.of(value(argument, "a path", rest)));
                case "--application" -> application = Optional.of(Path.of(value(argument, "a path", rest)));
                default -> throw fault("\"" + argument + "\" is no option");
            }
        }
        return new Options(mode, properties, application, json);
    }

    private static Mode mode(String what) {
        return switch (what) {
            case "sql" -> Mode.PRINT_SQL;
            case "plan" -> Mode.PRINT_PLAN;
            default -> throw fault("--print " + what + ": there is only --print sql and --print plan");
        };
    }

    private static String value(String option, String what, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw fault(option + " needs " + what + " after it");
        }
        return rest.next();
    }

    private static DefinitionException fault(String message) {
        return new DefinitionException(List.of(new Problem("option", "arguments", 0, message + "\n" + USAGE)));
    }
}
