package spillway.functions;

/** Hears what a ring has to say. */
interface Speaker {

    /** The heat at a second was above the limit. */
    void state(Heat heat);

    /** Wants to be woken at the end of a second, if nothing comes before. */
    void wake(long second);
}
