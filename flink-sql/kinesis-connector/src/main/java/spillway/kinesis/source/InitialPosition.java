package spillway.kinesis.source;

import java.io.Serializable;

/**
 * What the table says about where to begin: `source.init.position` and `source.init.timestamp`.
 *
 * @param timestampMs epoch milliseconds, for AT_TIMESTAMP only
 */
public record InitialPosition(Kind kind, Long timestampMs) implements Serializable {

    /** The values of `source.init.position`. */
    public enum Kind {
        LATEST,
        TRIM_HORIZON,
        AT_TIMESTAMP
    }

    /** Pins the position at the time when the job is planned, epoch milliseconds. */
    public StartPosition resolve(long nowMs) {
        return switch (kind) {
            case LATEST -> StartPosition.at(nowMs);
            case TRIM_HORIZON -> StartPosition.TRIM_HORIZON;
            case AT_TIMESTAMP -> StartPosition.at(timestampMs);
        };
    }
}
