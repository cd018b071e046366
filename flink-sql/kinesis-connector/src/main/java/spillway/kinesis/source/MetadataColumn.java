package spillway.kinesis.source;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;

/** What a table may declare as METADATA columns, beside what the format reads. */
public enum MetadataColumn {
    /** Why the record does not parse; NULL if it does. */
    ERROR("error", DataTypes.STRING(), row -> StringData.fromString(row.error())),
    /** The text of a record that does not parse; NULL if it does. */
    PAYLOAD("payload", DataTypes.STRING(), row -> StringData.fromString(row.payload())),
    SHARD_ID("shard-id", DataTypes.STRING().notNull(), row -> StringData.fromString(row.record().shardId())),
    SEQUENCE_NUMBER(
            "sequence-number",
            DataTypes.STRING().notNull(),
            row -> StringData.fromString(row.record().sequenceNumber())),
    /** When Kinesis took the record, under the official connector's name. */
    TIMESTAMP(
            "timestamp",
            DataTypes.TIMESTAMP_LTZ(3).notNull(),
            row -> TimestampData.fromEpochMillis(row.record().arrivalMs())),
    /** The same under a name that says what it is. */
    ARRIVAL_TIME(
            "arrival-time",
            DataTypes.TIMESTAMP_LTZ(3).notNull(),
            row -> TimestampData.fromEpochMillis(row.record().arrivalMs()));

    /** A record and, if it does not parse, why and what it says. */
    record Decoded(KinesisRecord record, String error, String payload) {}

    private final String key;
    private final DataType type;
    private final Function<Decoded, Object> value;

    MetadataColumn(String key, DataType type, Function<Decoded, Object> value) {
        this.key = key;
        this.type = type;
        this.value = value;
    }

    /** Its name in `METADATA FROM '…'`. */
    public String key() {
        return key;
    }

    public DataType type() {
        return type;
    }

    Object valueOf(Decoded row) {
        return value.apply(row);
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static MetadataColumn ofKey(String key) {
        return Arrays.stream(values())
                .filter(column -> column.key.equals(key))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "there is no metadata column '" + key + "'; there are "
                                                + Arrays.stream(values())
                                                        .map(MetadataColumn::key)
                                                        .collect(Collectors.joining(", "))));
    }
}
