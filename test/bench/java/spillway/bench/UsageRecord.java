package spillway.bench;

import java.util.List;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;

/** A usage record as lambdas/contracts/usage-record.ts defines it. */
record UsageRecord(String source, String batch, int part, long second, List<UsageEntry> entries) {

    /** The row of the table usage, with these metadata columns after it. */
    RowData row(List<String> metadataKeys) {
        Object[] rows = entries.stream().map(UsageRecord::row).toArray();
        GenericRowData row = new GenericRowData(6 + metadataKeys.size());
        row.setField(0, 1);
        row.setField(1, StringData.fromString(source));
        row.setField(2, StringData.fromString(batch));
        row.setField(3, part);
        row.setField(4, second);
        row.setField(5, new GenericArrayData(rows));
        for (int index = 0; index < metadataKeys.size(); index++) {
            boolean arrival = metadataKeys.get(index).equals("arrival-time");
            row.setField(6 + index, arrival ? TimestampData.fromEpochMillis((second + 3600) * 1000) : null);
        }
        return row;
    }

    private static RowData row(UsageEntry entry) {
        return GenericRowData.of(StringData.fromString(entry.resource()), StringData.fromString(entry.key()),
                StringData.fromString(entry.subject()), entry.units(), 1L);
    }
}
