package spillway.kinesis.sink;

import java.io.Serializable;
import java.util.UUID;

/** Chooses each record's partition key, and with it its shard. */
public interface PartitionKeys<T> extends Serializable {

    /** The service's bound: PutRecords, API reference. */
    int LONGEST = 256;

    /** Before the first element. */
    default void open(int subtask) {}

    /** From 1 to {@link #LONGEST} characters. */
    String keyOf(T element);

    /** Another key for each record, so that the shards share the load. */
    static <T> PartitionKeys<T> random() {
        return element -> UUID.randomUUID().toString();
    }

    /** One key per subtask, so that what a subtask writes stays in order. */
    static <T> PartitionKeys<T> fixed() {
        return new Fixed<>();
    }

    final class Fixed<T> implements PartitionKeys<T> {
        private static final long serialVersionUID = 1L;

        private String key;

        private Fixed() {}

        @Override
        public void open(int subtask) {
            key = String.valueOf(subtask);
        }

        @Override
        public String keyOf(T element) {
            return key;
        }
    }
}
