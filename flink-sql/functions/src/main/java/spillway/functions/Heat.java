package spillway.functions;

/**
 * The heat of one key at one second that holds a write.
 *
 * @param second epoch seconds; the window ends with it
 * @param units in the window
 * @param peakSecondUnits the most that one second of the window holds
 * @param activeSeconds how many seconds of the window hold a write
 * @param previousUnits the heat at the last second before it that holds a write; null if there is none
 * @param previousSecond that second; null if there is none
 * @param closed whether all entries of the second are in; while it is not, they may become more, never fewer
 */
record Heat(
        long second, long units, long peakSecondUnits, long activeSeconds, Long previousUnits, Long previousSecond, boolean closed) {}
