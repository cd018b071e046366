package spillway.kinesis.source;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.JoinedRowData;
import spillway.kinesis.source.MetadataColumn.Decoded;

/**
 * Turns records into rows: the format's columns, then the metadata columns.
 *
 * <p>A record that the format cannot read neither fails the job (the shard would never get past it) nor vanishes: it
 * becomes a row of NULLs whose metadata columns `error` and `payload` say why and what. Only a table without these two
 * columns fails on it.
 */
public final class RecordDecoder implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Begins every record that the Kinesis Producer Library packed out of several (its format description). */
    private static final byte[] AGGREGATED = {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2};

    /**
     * Longer payloads are cut here. Written as JSON a character takes six bytes at most, so that the row still fits
     * into a Kinesis record of 1 MiB wherever it is set aside.
     */
    static final int LONGEST_PAYLOAD = 128 * 1024;

    private static final int LONGEST_ERROR = 500;

    /**
     * Rows of one record.
     *
     * @param malformed whether it is the one row that stands for a record which does not parse
     */
    record Rows(List<RowData> rows, boolean malformed) {}

    private final DeserializationSchema<RowData> format;
    private final int physicalColumns;
    private final List<MetadataColumn> metadata;
    private final String table;

    /** @param table for messages */
    public RecordDecoder(
            DeserializationSchema<RowData> format, int physicalColumns, List<MetadataColumn> metadata, String table) {
        this.format = format;
        this.physicalColumns = physicalColumns;
        this.metadata = List.copyOf(metadata);
        this.table = table;
    }

    void open(DeserializationSchema.InitializationContext context) throws Exception {
        format.open(context);
    }

    /** @throws MalformedRecordException if the record does not parse and the table has no place for it */
    Rows decode(KinesisRecord record) {
        if (isAggregated(record.data())) {
            return malformed(
                    record,
                    "it was packed by the Kinesis Producer Library, which this connector does not unpack;"
                            + " turn AggregationEnabled off at the producer",
                    null);
        }
        List<RowData> physical = new ArrayList<>(1);
        try {
            format.deserialize(record.data(), new ListCollector<>(physical));
        } catch (Exception e) {
            return malformed(record, rootMessage(e), e);
        }
        if (physical.isEmpty()) {
            return malformed(record, "the format finds no row in it", null);
        }
        if (metadata.isEmpty()) {
            return new Rows(physical, false);
        }
        Decoded decoded = new Decoded(record, null, null);
        return new Rows(physical.stream().map(row -> join(row, decoded)).toList(), false);
    }

    private Rows malformed(KinesisRecord record, String error, Exception cause) {
        if (!metadata.contains(MetadataColumn.ERROR) || !metadata.contains(MetadataColumn.PAYLOAD)) {
            throw new MalformedRecordException(
                    "record " + record.sequenceNumber() + " of shard " + record.shardId() + ", read by " + table
                            + ", does not parse: " + error
                            + "; to have such records as rows instead, declare the columns"
                            + " error STRING METADATA VIRTUAL and payload STRING METADATA VIRTUAL",
                    cause);
        }
        String text = new String(record.data(), StandardCharsets.UTF_8);
        String reason = error;
        if (text.length() > LONGEST_PAYLOAD) {
            reason += " (of its " + text.length() + " characters the first " + LONGEST_PAYLOAD + " are kept)";
            text = text.substring(0, LONGEST_PAYLOAD);
        }
        return new Rows(List.of(join(new GenericRowData(physicalColumns), new Decoded(record, reason, text))), true);
    }

    private RowData join(RowData physical, Decoded decoded) {
        if (metadata.isEmpty()) {
            return physical;
        }
        GenericRowData values = new GenericRowData(metadata.size());
        for (int i = 0; i < metadata.size(); i++) {
            values.setField(i, metadata.get(i).valueOf(decoded));
        }
        return new JoinedRowData(physical.getRowKind(), physical, values);
    }

    private static boolean isAggregated(byte[] data) {
        if (data.length < AGGREGATED.length) {
            return false;
        }
        for (int i = 0; i < AGGREGATED.length; i++) {
            if (data[i] != AGGREGATED[i]) {
                return false;
            }
        }
        return true;
    }

    /** The first line of the innermost cause: what the parser found, without the record's text around it. */
    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        String line = message.lines().findFirst().orElse(message);
        return line.length() > LONGEST_ERROR ? line.substring(0, LONGEST_ERROR) + "…" : line;
    }
}
