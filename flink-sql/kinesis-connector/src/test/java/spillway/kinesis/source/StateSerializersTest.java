package spillway.kinesis.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StateSerializersTest {

    private final ShardSplitSerializer splits = new ShardSplitSerializer();
    private final EnumeratorStateSerializer states = new EnumeratorStateSerializer();

    @Test
    void aShardThatWasReadComesBackAsItWas() throws IOException {
        ShardSplit split = new ShardSplit("shardId-000000000007", StartPosition.at(1_700_000_000_123L), "4965", 17L, false, 23L);
        assertEquals(split, splits.deserialize(splits.getVersion(), splits.serialize(split)));
    }

    @Test
    void aShardWithoutARecordYetKeepsItsPinnedStart() throws IOException {
        ShardSplit split = ShardSplit.unread("shardId-000000000000", StartPosition.TRIM_HORIZON);
        assertEquals(split, splits.deserialize(splits.getVersion(), splits.serialize(split)));
    }

    @Test
    void aFinishedShardStaysFinished() throws IOException {
        ShardSplit split = new ShardSplit("shardId-000000000000", StartPosition.TRIM_HORIZON, "1", 2L, true, ShardSplit.NONE);
        assertEquals(split, splits.deserialize(splits.getVersion(), splits.serialize(split)));
    }

    @Test
    void theEnumeratorComesBackAsItWas() throws IOException {
        EnumeratorState state = new EnumeratorState(StartPosition.at(5), Set.of("a", "b"), Set.of("c"));
        assertEquals(state, states.deserialize(states.getVersion(), states.serialize(state)));
    }

    @Test
    void anotherVersionIsRefusedAndSaysWhatToDo() throws IOException {
        byte[] split = splits.serialize(ShardSplit.unread("a", StartPosition.TRIM_HORIZON));
        IOException refused = assertThrows(IOException.class, () -> splits.deserialize(2, split));
        assertTrue(refused.getMessage().contains("version 2"), refused.getMessage());
        assertTrue(refused.getMessage().contains("start without state"), refused.getMessage());
        assertThrows(IOException.class, () -> states.deserialize(2, new byte[0]));
    }
}
