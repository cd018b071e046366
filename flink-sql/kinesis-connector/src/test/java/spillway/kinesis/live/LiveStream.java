package spillway.kinesis.live;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.HashKeyRange;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import spillway.kinesis.client.KinesisClients;
import spillway.kinesis.client.KinesisStream;

/** A stream of one test, on the server at AWS_ENDPOINT_URL_KINESIS. */
final class LiveStream implements AutoCloseable {

    final String arn;
    private final String name;
    private final KinesisClient client;
    private final Map<String, String> iterators = new HashMap<>();
    private final List<String> seen = new ArrayList<>();

    LiveStream(int shards) {
        name = "test-" + UUID.randomUUID();
        arn = "arn:aws:kinesis:us-east-1:000000000000:stream/" + name;
        client = KinesisClients.create(KinesisStream.of(arn, Optional.empty(), Optional.empty()));
        client.createStream(request -> request.streamName(name).shardCount(shards));
        awaitActive();
    }

    /** Puts a record into the shard that takes this hash key now. */
    void put(BigInteger hashKey, String text) {
        put(hashKey, text.getBytes(StandardCharsets.UTF_8));
    }

    void put(BigInteger hashKey, byte[] data) {
        client.putRecord(
                request ->
                        request.streamARN(arn)
                                .partitionKey("any")
                                .explicitHashKey(hashKey.toString())
                                .data(SdkBytes.fromByteArray(data)));
    }

    /** Lowest hash key of each open shard, in the order of their numbers. */
    List<BigInteger> hashKeys() {
        return openShards().stream().map(shard -> new BigInteger(shard.hashKeyRange().startingHashKey())).toList();
    }

    /** Splits the open shard of that number in two of the same size. */
    void split(int index) {
        Shard shard = openShards().get(index);
        HashKeyRange range = shard.hashKeyRange();
        BigInteger middle =
                new BigInteger(range.startingHashKey()).add(new BigInteger(range.endingHashKey())).shiftRight(1);
        client.splitShard(
                request ->
                        request.streamARN(arn).shardToSplit(shard.shardId()).newStartingHashKey(middle.toString()));
        awaitActive();
    }

    /** Merges the two open shards of these numbers, which must lie beside each other. */
    void merge(int index, int adjacent) {
        List<Shard> open = openShards();
        client.mergeShards(
                request ->
                        request.streamARN(arn)
                                .shardToMerge(open.get(index).shardId())
                                .adjacentShardToMerge(open.get(adjacent).shardId()));
        awaitActive();
    }

    /** Everything written so far, in no order across shards. */
    List<String> contents() {
        for (Shard shard : client.listShards(request -> request.streamARN(arn)).shards()) {
            String id = shard.shardId();
            String iterator =
                    iterators.computeIfAbsent(
                            id,
                            shardId ->
                                    client.getShardIterator(
                                                    request ->
                                                            request.streamARN(arn)
                                                                    .shardId(shardId)
                                                                    .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                                            .shardIterator());
            try {
                GetRecordsResponse response =
                        client.getRecords(request -> request.streamARN(arn).shardIterator(iterator));
                iterators.put(id, response.nextShardIterator());
                response.records().stream().map(Record::data).map(SdkBytes::asUtf8String).forEach(seen::add);
            } catch (ProvisionedThroughputExceededException busy) {
                // A shard bears five reads a second: whoever looks again soon finds the rest.
            }
        }
        return List.copyOf(seen);
    }

    private List<Shard> openShards() {
        return client.listShards(request -> request.streamARN(arn)).shards().stream()
                .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
                .toList();
    }

    private void awaitActive() {
        Eventually.holds(
                "the stream " + name + " is active",
                () ->
                        client.describeStreamSummary(request -> request.streamARN(arn))
                                .streamDescriptionSummary()
                                .streamStatus(),
                StreamStatus.ACTIVE::equals);
    }

    @Override
    public void close() {
        client.deleteStream(request -> request.streamName(name).enforceConsumerDeletion(true));
        client.close();
    }
}
