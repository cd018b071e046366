package spillway.runner;

import java.io.PrintStream;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/** Prints what would run, without running it: for people and for the orchestrator. */
final class Printing {

    static final int DONE = 0;
    static final int WRONG_DEFINITION = 1;
    /** EX_SOFTWARE of sysexits.h: the fault is not in what was given. */
    static final int FAILED = 70;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final PrintStream output;
    private final PrintStream errors;

    /**
     * @param output takes the SQL or the plan; with {@code --json} the problems too
     * @param errors takes the problems as text
     */
    Printing(PrintStream output, PrintStream errors) {
        this.output = output;
        this.errors = errors;
    }

    /** Answers the exit code; never throws for what is wrong with the arguments, the application or Flink. */
    int print(List<String> arguments) {
        try {
            output.println(text(Options.read(arguments)));
            return DONE;
        } catch (DefinitionException fault) {
            errors.println(fault.getMessage());
            if (arguments.contains("--json")) {
                output.println(json(fault.problems()));
            }
            return WRONG_DEFINITION;
        } catch (RuntimeException | LinkageError fault) {
            fault.printStackTrace(errors);
            return FAILED;
        } finally {
            output.flush();
            errors.flush();
        }
    }

    private static String text(Options options) {
        return switch (options.mode()) {
            case HELP -> Options.USAGE;
            case PRINT_SQL -> RenderedApplication.of(options).sql();
            case PRINT_PLAN -> Submission.of(RenderedApplication.of(options)).plan();
            case RUN -> throw new IllegalStateException("without --print there is nothing to print");
        };
    }

    private static String json(List<Problem> problems) {
        ObjectNode document = MAPPER.createObjectNode();
        ArrayNode list = document.putArray("problems");
        for (Problem problem : problems) {
            list.addObject()
                    .put("code", problem.code())
                    .put("place", problem.place())
                    .put("line", problem.line())
                    .put("message", problem.message());
        }
        return document.toString();
    }
}
