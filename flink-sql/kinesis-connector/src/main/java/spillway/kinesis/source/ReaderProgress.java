package spillway.kinesis.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Reader to enumerator: how far this reader is. Times are epoch milliseconds, {@link ShardWatermarks#NONE} if there is
 * none.
 *
 * @param watermark what the reader has told downstream
 * @param idle whether none of its shards is waited for
 * @param atTip whether all its shards have been read to their tips
 * @param newestArrivalMs when the newest record it has read came to Kinesis
 * @param lastRecordMs when it last read a record
 * @param nowMs when it last read a shard
 */
record ReaderProgress(
        long watermark, boolean idle, boolean atTip, long newestArrivalMs, long lastRecordMs, long nowMs)
        implements SourceEvent {}
