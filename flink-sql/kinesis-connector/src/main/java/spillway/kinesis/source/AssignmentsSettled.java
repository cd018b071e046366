package spillway.kinesis.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Enumerator to reader: you have been given everything that follows from your start ({@link #START}), or from the end
 * of the shard of that id. Until then the reader keeps its watermark where it is, since what it is about to be given
 * may be older than what it has.
 */
record AssignmentsSettled(String awaited) implements SourceEvent {

    /** Stands for the reader's own start; no shard id is empty. */
    static final String START = "";
}
