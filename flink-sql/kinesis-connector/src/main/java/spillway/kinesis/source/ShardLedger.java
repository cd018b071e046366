package spillway.kinesis.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which shards are read, have been read to their end, or may be read next: children only when all their parents are
 * finished, so that the records of a key stay in order across resharding.
 */
final class ShardLedger {

    private static final Pattern NUMBERED = Pattern.compile("shardId-(\\d{1,18})");

    private final StartPosition start;
    private final Set<String> assigned;
    private final Set<String> finished;
    /** Who read which shard to its end, in the order of the ends. */
    private final Map<String, Integer> finishedBy = new LinkedHashMap<>();

    private List<ListedShard> listed = List.of();

    ShardLedger(EnumeratorState state) {
        start = state.start();
        assigned = new HashSet<>(state.assigned());
        finished = new HashSet<>(state.finished());
    }

    EnumeratorState state() {
        return new EnumeratorState(start, assigned, finished);
    }

    /** Takes what Kinesis lists now. What it does not list any more has passed its retention and is forgotten. */
    void listed(Collection<ListedShard> shards) {
        listed = List.copyOf(shards);
        Set<String> ids = listed.stream().map(ListedShard::shardId).collect(Collectors.toSet());
        finished.retainAll(ids);
        finishedBy.keySet().retainAll(ids);
    }

    void finished(String shardId, int subtask) {
        assigned.remove(shardId);
        finished.add(shardId);
        finishedBy.remove(shardId);
        finishedBy.put(shardId, subtask);
    }

    /** A reader took the shard. */
    void assigned(String shardId) {
        assigned.add(shardId);
    }

    /** A reader was lost before a checkpoint held the shard: whatever was read of it, even its end, is undone. */
    void returned(String shardId) {
        assigned.remove(shardId);
        finished.remove(shardId);
        finishedBy.remove(shardId);
    }

    /** The shards that may be read now, by the subtask that should. */
    Map<Integer, List<ShardSplit>> ready(int parallelism) {
        Set<String> ids = listed.stream().map(ListedShard::shardId).collect(Collectors.toSet());
        Map<Integer, List<ShardSplit>> ready = new LinkedHashMap<>();
        for (ListedShard shard : listed) {
            boolean waits = shard.parents().stream().anyMatch(parent -> ids.contains(parent) && !finished.contains(parent));
            if (!waits && !assigned.contains(shard.shardId()) && !finished.contains(shard.shardId())) {
                ready.computeIfAbsent(subtaskOf(shard, parallelism), subtask -> new ArrayList<>())
                        .add(ShardSplit.unread(shard.shardId(), start));
            }
        }
        return ready;
    }

    /**
     * A child goes to the subtask that read its last parent to the end: that one has held its watermark since, so no
     * row of the child is late. Other shards are dealt out by their number.
     */
    private int subtaskOf(ListedShard shard, int parallelism) {
        Integer holder = null;
        for (Map.Entry<String, Integer> end : finishedBy.entrySet()) {
            if (shard.parents().contains(end.getKey())) {
                holder = end.getValue();
            }
        }
        if (holder != null && holder < parallelism) {
            return holder;
        }
        Matcher number = NUMBERED.matcher(shard.shardId());
        long dealt = number.matches() ? Long.parseLong(number.group(1)) : shard.shardId().hashCode();
        return (int) Math.floorMod(dealt, (long) parallelism);
    }
}
