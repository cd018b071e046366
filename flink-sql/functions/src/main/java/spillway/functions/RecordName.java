package spillway.functions;

/**
 * 64 bits that stand for the name of a usage record: its source, batch and part. They are only ever compared within
 * one second of one key. With a hundred records there, two of them share their bits in one of 4 × 10^15 such seconds,
 * and then the smaller of the two counts nowhere.
 */
final class RecordName {

    private static final long STEP = 0x9E3779B97F4A7C15L;

    private RecordName() {}

    static long of(byte[] source, byte[] batch, int part) {
        return mix(append(append(part, source), batch));
    }

    /** The length goes in as well, so that no end of one text can pass for the beginning of the next. */
    private static long append(long start, byte[] text) {
        long bits = mix(start + STEP * (text.length + 1L));
        long word = 0;
        for (int index = 0; index < text.length; index++) {
            word = word << 8 | text[index] & 0xFF;
            if (index % 8 == 7) {
                bits = mix(bits ^ word * STEP);
                word = 0;
            }
        }
        return mix(bits ^ word * STEP);
    }

    /** Every bit of the input moves every bit of the output; no two inputs have one output. */
    private static long mix(long value) {
        long bits = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
        return bits ^ bits >>> 31;
    }
}
