package spillway.kinesis.source;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;
import spillway.kinesis.client.KinesisStream;

/** Asks Kinesis for the shards of a stream, closed ones included, as long as their records are kept. */
final class ShardListing {

    /** A stream has at most some tens of thousands of shards and a page a thousand; more pages mean a loop. */
    private static final int MOST_PAGES = 1_000;

    private ShardListing() {}

    static List<ListedShard> list(KinesisClient client, KinesisStream stream) {
        List<ListedShard> shards = new ArrayList<>();
        String nextToken = null;
        for (int page = 0; page < MOST_PAGES; page++) {
            // A request with a token must not name the stream again.
            ListShardsRequest request =
                    nextToken == null
                            ? ListShardsRequest.builder().streamARN(stream.arn()).build()
                            : ListShardsRequest.builder().nextToken(nextToken).build();
            ListShardsResponse response = client.listShards(request);
            response.shards().forEach(shard -> shards.add(new ListedShard(shard.shardId(), parentsOf(shard))));
            nextToken = response.nextToken();
            if (nextToken == null) {
                return shards;
            }
        }
        throw new IllegalStateException(
                "the list of shards of " + stream.arn() + " does not end after " + MOST_PAGES + " pages; see the endpoint");
    }

    private static List<String> parentsOf(Shard shard) {
        return Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
                .filter(parent -> parent != null && !parent.isEmpty())
                .toList();
    }
}
