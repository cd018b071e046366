package spillway.kinesis.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Enumerator to a reader that is idle: how far it may take its watermark without being ahead of those that are not.
 *
 * @param watermark epoch milliseconds of event time
 */
record TimeAllowed(long watermark) implements SourceEvent {}
