package spillway.kinesis.table;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.table.data.RowData;
import spillway.kinesis.sink.PartitionKeys;

/** The values of the columns that a table is PARTITIONED BY as the partition key, cut at its longest. */
record FieldKeys(List<RowData.FieldGetter> columns, String delimiter) implements PartitionKeys<RowData> {

    /** Kinesis wants one character at least. */
    private static final String OF_NOTHING = "-";

    @Override
    public String keyOf(RowData row) {
        String key =
                columns.stream()
                        .map(column -> String.valueOf(column.getFieldOrNull(row)))
                        .collect(Collectors.joining(delimiter));
        if (key.isEmpty()) {
            return OF_NOTHING;
        }
        return key.length() > LONGEST ? key.substring(0, LONGEST) : key;
    }
}
