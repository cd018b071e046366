package spillway.functions;

/**
 * The heat of one subject of a key at one second.
 *
 * @param units in the window
 * @param peakSecondUnits the most that one second of the window holds
 * @param activeSeconds how many seconds of the window hold a write
 */
record SubjectHeat(String subject, long units, long peakSecondUnits, long activeSeconds) {}
