package spillway.runner;

import java.util.ArrayList;
import java.util.List;

/** Collects problems, so that a person sees all of them at once and not one per attempt. */
final class Problems {

    private final List<Problem> found = new ArrayList<>();

    public void add(String code, String place, int line, String message) {
        found.add(new Problem(code, place, line, message));
    }

    public List<Problem> found() {
        return List.copyOf(found);
    }

    /**
     * Ends a stage of reading: what follows may rely on everything before it being right.
     *
     * @throws DefinitionException with all problems found so far, if there are any
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new DefinitionException(found());
        }
    }
}
