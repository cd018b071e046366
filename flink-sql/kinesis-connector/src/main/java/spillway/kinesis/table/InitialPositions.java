package spillway.kinesis.table;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import spillway.kinesis.source.InitialPosition;

/** Reads the two options that say where to begin. */
final class InitialPositions {

    private static final BigDecimal MS_PER_SECOND = BigDecimal.valueOf(1_000);

    private InitialPositions() {}

    static InitialPosition of(ReadableConfig options) {
        InitialPosition.Kind kind = options.get(KinesisOptions.INIT_POSITION);
        String timestamp = options.getOptional(KinesisOptions.INIT_TIMESTAMP).orElse(null);
        if (kind != InitialPosition.Kind.AT_TIMESTAMP) {
            if (timestamp != null) {
                throw new ValidationException(
                        "source.init.timestamp is '" + timestamp + "', but source.init.position is " + kind
                                + ", which has no use for it; leave it out or say AT_TIMESTAMP");
            }
            return new InitialPosition(kind, null);
        }
        if (timestamp == null) {
            throw new ValidationException(
                    "source.init.position is AT_TIMESTAMP, so source.init.timestamp must say which,"
                            + " such as 2026-01-31T12:00:00Z or 1769860800");
        }
        return new InitialPosition(kind, epochMs(timestamp));
    }

    private static long epochMs(String timestamp) {
        try {
            if (timestamp.matches("\\d{1,15}(\\.\\d{1,3})?")) {
                return new BigDecimal(timestamp).multiply(MS_PER_SECOND).longValueExact();
            }
            return OffsetDateTime.parse(timestamp).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new ValidationException(
                    "source.init.timestamp is '" + timestamp + "', which is neither ISO 8601 with a zone, such as"
                            + " 2026-01-31T12:00:00Z, nor epoch seconds, such as 1769860800",
                    e);
        }
    }
}
