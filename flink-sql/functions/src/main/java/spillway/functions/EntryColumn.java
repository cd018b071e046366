package spillway.functions;

import org.apache.flink.table.data.RowData;
import spillway.functions.Affects.What;

/** The columns of the rows that {@link SlidingHeat} and {@link SharedHeat} take, in their order, and what a change of each affects. */
enum EntryColumn {
    RESOURCE(What.STATE),
    KEY(What.STATE),
    SUBJECT(What.STATE),
    /** With batch and part, names the usage record, whose entry counts once however often it is delivered. */
    SOURCE(What.STATE),
    BATCH(What.STATE),
    PART(What.STATE),
    SECOND(What.STATE),
    UNITS(What.STATE),
    /** Write units per window. The same for all entries of a key; a new one holds from the key's next entry. */
    UNIT_LIMIT(What.OUTPUT),
    /** The last millisecond of the second, as the time attribute. */
    CLOSES(What.STATE);

    /** The same as a type of Flink. */
    static final String ROW_TYPE = "ROW<resource STRING, `key` STRING, subject STRING, `source` STRING, batch STRING,"
            + " part INT, `second` BIGINT, units BIGINT, unit_limit BIGINT, closes TIMESTAMP_LTZ(3)>";

    final What affects;

    EntryColumn(What affects) {
        this.affects = affects;
    }

    static long recordName(RowData entry) {
        return RecordName.of(
                entry.getString(SOURCE.ordinal()).toBytes(),
                entry.getString(BATCH.ordinal()).toBytes(),
                entry.getInt(PART.ordinal()));
    }

    long of(RowData entry) {
        return entry.getLong(ordinal());
    }
}
