package spillway.runner;

/**
 * One thing that is wrong with a definition or with the values given to it.
 *
 * @param code a stable word for it, such as {@code parameter-unknown}
 * @param place where it is: a file of the definition, or what gave the value
 * @param line from 1; 0 where the place has no lines
 * @param message what, the wrong value, why, and what to do next
 */
record Problem(String code, String place, int line, String message) {

    @Override
    public String toString() {
        return (line > 0 ? place + ":" + line : place) + ": " + code + ": " + message;
    }
}
