package spillway.functions;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a change of a table function's argument means for the state of a job that runs. An argument without it is taken
 * for {@link What#STATE}. {@code functions.json} holds the same for the command line, which reads no Java.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.FIELD})
public @interface Affects {

    What value();

    enum What {
        /** The state was built with it: under another value the state must not be carried on. */
        STATE,
        /** It only decides what is put out: the state stays right under another value. */
        OUTPUT
    }
}
