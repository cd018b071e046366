package spillway.runner;

import java.util.List;
import java.util.stream.Collectors;

/** The definition, or the values given to it, cannot be run as they are. Nothing has been started. */
final class DefinitionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public DefinitionException(List<Problem> problems) {
        super(describe(problems));
        this.problems = problems;
    }

    public DefinitionException(Problem problem, Throwable cause) {
        super(describe(List.of(problem)), cause);
        this.problems = List.of(problem);
    }

    public List<Problem> problems() {
        return problems;
    }

    private static String describe(List<Problem> problems) {
        String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n", count + ", nothing was started:\n", ""));
    }
}
