package spillway.functions;

import java.util.List;
import org.apache.flink.table.api.dataview.MapView;

/**
 * The write units of one key by the second, those of each of its subjects, and the seconds at which the key is shared:
 * above the limit, while no subject is above it alone.
 *
 * <p>One object serves all keys in turn: {@link #read} and {@link #write} take the key's own content in and out.
 */
final class SharedRing {

    /** So many can hold one percent of a key's heat each. */
    private static final int MOST_NAMED = 100;

    private final RingBytes bytes = new RingBytes();
    private final SubjectRings subjects = new SubjectRings();
    private final SecondRing key = new SecondRing(this::isOneAbove);

    /** The whole key's. */
    SecondRing key() {
        return key;
    }

    /**
     * An empty one.
     *
     * @param further where subjects are kept that the key's own content has no room for
     */
    void begin(long windowSeconds, long limit, MapView<String, byte[]> further) {
        key.begin(windowSeconds);
        key.limit(limit);
        subjects.begin(windowSeconds, further);
    }

    void read(byte[] content, MapView<String, byte[]> further) {
        bytes.from(content);
        key.read(bytes);
        subjects.read(bytes, key.windowSeconds(), further);
    }

    byte[] write() {
        bytes.clear();
        key.write(bytes);
        subjects.write(bytes);
        return bytes.toArray();
    }

    /** Whether subjects are kept elsewhere, which most keys have no need of. */
    boolean hasFurther() {
        return subjects.hasOutside();
    }

    /** From now on everything is judged by that limit, what was before as well. */
    void limit(long units) throws Exception {
        if (units != key.limit()) {
            key.limit(units);
            sweep();
        }
    }

    /**
     * Adds an entry of a usage record to its second.
     *
     * @param watermarkMs until which the key has been closed; null before there is one
     * @return false if the second was closed already, so that the entry counts nowhere
     */
    boolean add(String subject, long second, long name, long units, Long watermarkMs) throws Exception {
        if (key.isClosed(second)) {
            return false;
        }
        key.add(second, subjects.add(subject, second, name, units, watermarkMs, key.limit()));
        return true;
    }

    /** Forgets the subjects that nothing can be said of any more. */
    void sweep() throws Exception {
        subjects.sweep(key.newestClosedSecond(), key.limit());
    }

    /** Whether the key was shared at the second before, of those that hold a write. */
    boolean wasShared(Heat heat) {
        return heat.previousUnits() != null && heat.previousUnits() > key.limit() && !isOneAbove(heat.previousSecond());
    }

    /** The subjects with the most heat at that second, the first first. */
    List<SubjectHeat> named(Heat heat) {
        try {
            List<SubjectHeat> ranked = subjects.ranked(heat.second());
            return ranked.subList(0, Math.min(MOST_NAMED, ranked.size()));
        } catch (Exception cause) {
            throw notRead(cause);
        }
    }

    private boolean isOneAbove(long second) {
        try {
            return subjects.isOneAbove(second, key.limit());
        } catch (Exception cause) {
            throw notRead(cause);
        }
    }

    private static IllegalStateException notRead(Exception cause) {
        return new IllegalStateException("the subjects of a key cannot be read from Flink's state", cause);
    }
}
