package spillway.runner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From what is declared and what is given to one checked value per parameter. */
final class Parameters {

    private Parameters() {}

    /**
     * A given value goes before the default.
     *
     * @return values by name, without those whose value is a problem
     */
    static Map<String, Value> resolve(List<ParameterDeclaration> declarations, ApplicationProperties given, Problems problems) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (ParameterDeclaration declaration : declarations) {
            resolve(declaration, given, problems).ifPresent(value -> values.put(declaration.name(), value));
        }
        List<String> names = declarations.stream().map(ParameterDeclaration::name).toList();
        for (String name : given.texts().keySet()) {
            if (!names.contains(name)) {
                problems.add("property-unknown", given.place(), given.lines().get(name),
                        "\"" + name + "\" is no parameter of this application" + Nearest.hint(name, names)
                                + "; its parameters are " + String.join(", ", names));
            }
        }
        return values;
    }

    private static Optional<Value> resolve(ParameterDeclaration declaration, ApplicationProperties given, Problems problems) {
        String name = declaration.name();
        String text = given.texts().get(name);
        if (text == null) {
            if (declaration.required()) {
                problems.add("parameter-missing", ApplicationFile.PLACE, declaration.line(),
                        name + " has no default and no value was given: set it in the property group \""
                                + ApplicationProperties.GROUP + "\" of " + given.place());
            }
            return declaration.defaultValue();
        }
        int line = given.lines().get(name);
        try {
            Value value = declaration.type().read(text);
            Optional<String> fault = declaration.outOfBounds(value);
            fault.ifPresent(sentence -> problems.add("parameter-bounds", given.place(), line,
                    name + " " + sentence + " (" + ApplicationFile.PLACE + ":" + declaration.line() + ")"));
            return fault.isPresent() ? Optional.empty() : Optional.of(value);
        } catch (IllegalArgumentException fault) {
            problems.add("parameter-ill-typed", given.place(), line, name + " " + fault.getMessage());
            return Optional.empty();
        }
    }
}
