package spillway.kinesis.table;

import static spillway.kinesis.table.KinesisOptions.PARTITIONER;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import spillway.kinesis.sink.PartitionKeys;

/** Reads how a table's records are spread over shards: PARTITIONED BY, or else `sink.partitioner`. */
final class Partitioning {

    private Partitioning() {}

    /** @throws ValidationException if both are there, or neither can be used */
    static PartitionKeys<RowData> of(ReadableConfig options, DataType rowType, List<String> partitionedBy) {
        String partitioner = options.getOptional(PARTITIONER).orElse(null);
        if (partitionedBy.isEmpty()) {
            return byName(partitioner == null ? "random" : partitioner);
        }
        if (partitioner != null) {
            throw new ValidationException(
                    PARTITIONER.key() + " is '" + partitioner + "', but the table is PARTITIONED BY "
                            + String.join(", ", partitionedBy) + ", whose values are the partition key; leave one out");
        }
        return new FieldKeys(gettersOf(rowType, partitionedBy), options.get(KinesisOptions.FIELD_DELIMITER));
    }

    private static PartitionKeys<RowData> byName(String partitioner) {
        return switch (partitioner) {
            case "random" -> PartitionKeys.random();
            case "fixed" -> PartitionKeys.fixed();
            default ->
                    throw new ValidationException(
                            PARTITIONER.key() + " is '" + partitioner + "', but there are only 'random' and 'fixed'; for"
                                    + " keys out of columns, use PARTITIONED BY");
        };
    }

    private static List<RowData.FieldGetter> gettersOf(DataType rowType, List<String> columns) {
        List<String> names = DataType.getFieldNames(rowType);
        List<DataType> types = DataType.getFieldDataTypes(rowType);
        List<RowData.FieldGetter> getters = new ArrayList<>();
        for (String column : columns) {
            int index = names.indexOf(column);
            if (index < 0) {
                throw new ValidationException(
                        "the table is PARTITIONED BY " + column + ", which it does not write; use one of " + names);
            }
            LogicalType type = types.get(index).getLogicalType();
            if (!LogicalTypeChecks.hasWellDefinedString(type)) {
                throw new ValidationException(
                        "the table is PARTITIONED BY " + column + " of type " + type.asSummaryString()
                                + ", which makes no partition key; use texts, numbers and the like");
            }
            getters.add(RowData.createFieldGetter(type, index));
        }
        return getters;
    }
}
