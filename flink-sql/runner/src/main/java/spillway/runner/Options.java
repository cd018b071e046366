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
 */
record Options(Mode mode, Optional<Path> properties, Optional<Path> application) {

    enum Mode {
        /** Submit the job. */
        RUN,
        /** Print the SQL that would run. */
        RENDER,
        /** Print the compiled plan as JSON. */
        PRINT_PLAN
    }

    static final String USAGE = """
            usage: spillway.runner.Main [--render | --print-plan] [--properties FILE] [--application FOLDER]
              --render              print the SQL that would run, and stop
              --print-plan          print Flink's compiled plan as JSON, and stop
              --properties FILE     take the property group "spillway" from FILE (else %s)
              --application FOLDER  take the application's files from FOLDER (else from the JAR)"""
            .formatted(ApplicationProperties.MANAGED_FLINK);

    /** @throws DefinitionException if an argument is not known or lacks its value */
    static Options read(List<String> arguments) {
        Mode mode = Mode.RUN;
        Optional<Path> properties = Optional.empty();
        Optional<Path> application = Optional.empty();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            switch (argument) {
                case "--render" -> mode = Mode.RENDER;
                case "--print-plan" -> mode = Mode.PRINT_PLAN;
                case "--properties" -> properties = Optional.of(path(argument, rest));
                case "--application" -> application = Optional.of(path(argument, rest));
                default -> throw fault("\"" + argument + "\" is no option\n" + USAGE);
            }
        }
        return new Options(mode, properties, application);
    }

    private static Path path(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw fault(option + " needs a path after it\n" + USAGE);
        }
        return Path.of(rest.next());
    }

    private static DefinitionException fault(String message) {
        return new DefinitionException(List.of(new Problem("option", "arguments", 0, message)));
    }
}
