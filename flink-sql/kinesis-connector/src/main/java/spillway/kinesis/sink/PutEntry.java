package spillway.kinesis.sink;

import java.io.Serializable;

/** One record to be written. */
public record PutEntry(String partitionKey, byte[] data) implements Serializable {

    /** What Kinesis counts against its limits: data and partition key (PutRecords, API reference). */
    long sizeInBytes() {
        return data.length + (long) partitionKey.length();
    }
}
