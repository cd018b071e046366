package spillway.runner;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import spillway.runner.SqlToken.Kind;

/**
 * Puts the values of parameters into statements. A placeholder may stand only where a literal may stand; inside
 * the options of {@code WITH (…)} and of a hint, and in {@code SET}, every value becomes a text, because options are
 * texts.
 */
final class Rendering {

    private final Collection<String> declared;
    private final Map<String, Value> values;
    private final Problems problems;
    private final Set<String> used = new HashSet<>();

    /**
     * @param declared names of all parameters
     * @param values by name; a declared parameter may be absent if its own value was a problem
     */
    Rendering(Collection<String> declared, Map<String, Value> values, Problems problems) {
        this.declared = declared;
        this.values = values;
        this.problems = problems;
    }

    /** Names of the parameters that the statements rendered so far use. */
    Set<String> used() {
        return used;
    }

    RenderedStatement render(Statement statement) {
        StringBuilder sql = new StringBuilder();
        List<SqlToken> tokens = statement.tokens();
        boolean set = statement.kind() == Statement.Kind.SET;
        boolean hint = false;
        boolean afterWith = false;
        int optionDepth = 0;
        for (int index = 0; index < tokens.size(); index++) {
            SqlToken token = tokens.get(index);
            if (token.is("(") && (afterWith || optionDepth > 0)) {
                optionDepth++;
            } else if (token.is(")") && optionDepth > 0) {
                optionDepth--;
            }
            hint = hint ? !token.is(SqlToken.HINT_END) : token.is(SqlToken.HINT_BEGIN);
            if (token.speaks()) {
                afterWith = token.is("WITH");
            }
            if (token.kind() == Kind.PLACEHOLDER) {
                checkPlace(statement.file(), tokens, index);
                sql.append(fill(statement.file(), token, set || hint || optionDepth > 0));
            } else {
                checkLiteral(statement.file(), token);
                sql.append(token.text());
            }
        }
        return new RenderedStatement(statement.kind(), statement.file(), statement.line(), sql.toString());
    }

    /** After rendering everything: what is declared and used nowhere is a mistake in one of the two places. */
    void checkUnused(List<ParameterDeclaration> declarations) {
        for (ParameterDeclaration declaration : declarations) {
            if (!used.contains(declaration.name())) {
                problems.add("parameter-unused", ApplicationFile.PLACE, declaration.line(), declaration.name()
                        + " is used nowhere: write ${" + declaration.name() + "} in the SQL or remove it here");
            }
        }
    }

    private String fill(String file, SqlToken token, boolean asOption) {
        Optional<Placeholder> read = Placeholder.read(token.text());
        if (read.isEmpty()) {
            problems.add("placeholder-form", file, token.line(), token.text() + " is neither ${name} nor ${name - 1s}");
            return token.text();
        }
        Placeholder placeholder = read.get();
        if (!declared.contains(placeholder.name())) {
            problems.add("parameter-unknown", file, token.line(), token.text() + " names no parameter of "
                    + ApplicationFile.PLACE + Nearest.hint(placeholder.name(), declared));
            return token.text();
        }
        used.add(placeholder.name());
        Value value = values.get(placeholder.name());
        if (value == null) {
            return token.text();
        }
        return subtract(file, token, placeholder, value).flatMap(rest -> write(file, token, rest, asOption)).orElse(token.text());
    }

    private Optional<Value> subtract(String file, SqlToken token, Placeholder placeholder, Value value) {
        if (placeholder.less().isZero()) {
            return Optional.of(value);
        }
        if (!(value instanceof Value.DurationValue duration)) {
            problems.add("placeholder-form", file, token.line(), token.text() + " subtracts from a parameter of type "
                    + value.typeName() + "; only from a duration can something be subtracted");
            return Optional.empty();
        }
        Duration rest = duration.duration().minus(placeholder.less());
        if (rest.isNegative()) {
            problems.add("parameter-bounds", file, token.line(), token.text() + " is less than nothing, because "
                    + placeholder.name() + " is " + duration.duration().toSeconds()
                    + "s: give it a larger value or a larger min");
            return Optional.empty();
        }
        return Optional.of(new Value.DurationValue(rest));
    }

    private Optional<String> write(String file, SqlToken token, Value value, boolean asOption) {
        Optional<String> literal = asOption ? value.asOption() : Optional.of(value.asExpression());
        if (literal.isEmpty()) {
            problems.add("placeholder-place", file, token.line(), token.text() + " is a " + value.typeName()
                    + " and cannot be an option's value; an integer, a duration or a text can");
        }
        return literal;
    }

    /** A placeholder that touches a name or a literal would become a part of it. */
    private void checkPlace(String file, List<SqlToken> tokens, int index) {
        boolean touches = index > 0 && grows(tokens.get(index - 1))
                || index + 1 < tokens.size() && grows(tokens.get(index + 1));
        if (touches) {
            SqlToken token = tokens.get(index);
            problems.add("placeholder-place", file, token.line(),
                    token.text() + " touches a name or a literal: it may stand only where a literal may stand");
        }
    }

    private static boolean grows(SqlToken token) {
        return switch (token.kind()) {
            case WORD, STRING, QUOTED, PLACEHOLDER -> true;
            // A dot continues a name; U&'…' is a literal of another kind.
            case SYMBOL -> token.text().equals(".") || token.text().equals("&");
            case SPACE, COMMENT -> false;
        };
    }

    private void checkLiteral(String file, SqlToken token) {
        if ((token.kind() == Kind.STRING || token.kind() == Kind.QUOTED) && token.text().contains("${")) {
            problems.add("placeholder-place", file, token.line(), "${…} inside " + token.text()
                    + " would not be filled: write it without quotes, a text gets its quotes by itself");
        }
    }
}
