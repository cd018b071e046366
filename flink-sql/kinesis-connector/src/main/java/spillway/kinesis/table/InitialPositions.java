package spillway.kinesis.table;

import java.math.BigDecimal;
import java.text.ParsePosition;
import java.text.SimpleDateFormat;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Locale;
import java.util.TimeZone;
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
        String format = options.getOptional(KinesisOptions.INIT_TIMESTAMP_FORMAT).orElse(null);
        // A definition whose parameter chooses the position names a timestamp for all of them; one that is none is
        // found whatever the position.
        Long timestampMs = timestamp == null ? null : Long.valueOf(epochMs(timestamp, format));
        if (kind != InitialPosition.Kind.AT_TIMESTAMP) {
            return new InitialPosition(kind, null);
        }
        if (timestampMs == null) {
            throw new ValidationException(
                    "source.init.position is AT_TIMESTAMP, so source.init.timestamp must say which,"
                            + " such as 2026-01-31T12:00:00Z or 1769860800");
        }
        return new InitialPosition(kind, timestampMs);
    }

    /** Like the official connector: what is not of the format may still be epoch seconds. */
    private static long epochMs(String timestamp, String format) {
        try {
            if (format != null) {
                SimpleDateFormat parser = new SimpleDateFormat(format, Locale.ROOT);
                // A form that names no zone means UTC, wherever the job is planned.
                parser.setTimeZone(TimeZone.getTimeZone(ZoneOffset.UTC));
                parser.setLenient(false);
                ParsePosition position = new ParsePosition(0);
                Date parsed = parser.parse(timestamp, position);
                if (parsed != null && position.getIndex() == timestamp.length()) {
                    return parsed.getTime();
                }
            }
            if (timestamp.matches("\\d{1,15}(\\.\\d{1,3})?")) {
                return new BigDecimal(timestamp).multiply(MS_PER_SECOND).longValueExact();
            }
            if (format == null) {
                return OffsetDateTime.parse(timestamp).toInstant().toEpochMilli();
            }
            throw new DateTimeException("it is not of the form " + format);
        } catch (IllegalArgumentException e) {
            throw new ValidationException(
                    "source.init.timestamp.format is '" + format + "', which java.text.SimpleDateFormat does not know: "
                            + e.getMessage(),
                    e);
        } catch (DateTimeException | ArithmeticException e) {
            String expected =
                    format == null ? "ISO 8601 with a zone, such as 2026-01-31T12:00:00Z," : "of the form " + format;
            throw new ValidationException(
                    "source.init.timestamp is '" + timestamp + "', which is neither " + expected
                            + " nor epoch seconds, such as 1769860800",
                    e);
        }
    }
}
