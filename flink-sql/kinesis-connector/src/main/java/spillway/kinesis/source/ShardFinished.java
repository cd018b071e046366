package spillway.kinesis.source;

import org.apache.flink.api.connector.source.SourceEvent;

/** Reader to enumerator: this closed shard's last record has been handed on, its children may be read. */
record ShardFinished(String shardId) implements SourceEvent {}
