package spillway.kinesis.source;

import java.util.Set;

/**
 * What a checkpoint keeps of the enumerator.
 *
 * @param start where shards begin that nobody has read yet
 * @param assigned shards that are with a reader, whose own state says how far they are read
 * @param finished closed shards that were read to their end
 */
public record EnumeratorState(StartPosition start, Set<String> assigned, Set<String> finished) {

    public EnumeratorState {
        assigned = Set.copyOf(assigned);
        finished = Set.copyOf(finished);
    }
}
