package spillway.kinesis.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShardLedgerTest {

    private static final StartPosition START = StartPosition.at(1_700_000_000_000L);

    private final ShardLedger ledger = new ShardLedger(new EnumeratorState(START, Set.of(), Set.of()));

    @Test
    void shardsAreDealtOutEvenlyAndBeginAtThePinnedStart() {
        ledger.listed(List.of(shard(0), shard(1), shard(2), shard(3)));
        assertEquals(Map.of(0, List.of(id(0), id(2)), 1, List.of(id(1), id(3))), ready(2));
        assertEquals(ShardSplit.unread(id(0), START), ledger.ready(2).get(0).get(0));
    }

    @Test
    void anAssignedShardIsNotDealtOutAgain() {
        ledger.listed(List.of(shard(0)));
        ledger.assigned(id(0));
        assertEquals(Map.of(), ready(1));
    }

    @Test
    void aShardOfALostReaderIsDealtOutAgain() {
        ledger.listed(List.of(shard(0)));
        ledger.assigned(id(0));
        ledger.returned(id(0));
        assertEquals(Map.of(0, List.of(id(0))), ready(1));
    }

    @Test
    void aShardReadToItsEndByALostReaderIsReadAgainBeforeItsChildren() {
        ledger.listed(List.of(shard(0), shard(1, 0)));
        ledger.assigned(id(0));
        ledger.finished(id(0), 0);
        ledger.assigned(id(1));
        ledger.returned(id(0));
        ledger.returned(id(1));
        assertEquals(Map.of(0, List.of(id(0))), ready(1));
    }

    @Test
    void childrenWaitForTheirParentToFinish() {
        ledger.listed(List.of(shard(0), shard(1, 0), shard(2, 0)));
        assertEquals(Map.of(0, List.of(id(0))), ready(1));
        ledger.assigned(id(0));
        assertEquals(Map.of(), ready(1));
        ledger.finished(id(0), 0);
        assertEquals(Map.of(0, List.of(id(1), id(2))), ready(1));
    }

    @Test
    void aMergedShardWaitsForBothParents() {
        ledger.listed(List.of(shard(0), shard(1), shard(2, 0, 1)));
        ledger.assigned(id(0));
        ledger.assigned(id(1));
        ledger.finished(id(0), 0);
        assertEquals(Map.of(), ready(2));
        ledger.finished(id(1), 1);
        assertEquals(Map.of(1, List.of(id(2))), ready(2), "to the reader that has held its watermark since");
    }

    @Test
    void splitChildrenGoToTheReaderOfTheirParent() {
        ledger.listed(List.of(shard(0), shard(1), shard(2, 1), shard(3, 1)));
        ledger.assigned(id(0));
        ledger.finished(id(1), 1);
        assertEquals(Map.of(1, List.of(id(2), id(3))), ready(2));
    }

    @Test
    void aParentThatPassedItsRetentionIsNotWaitedFor() {
        ledger.listed(List.of(shard(5, 1)));
        assertEquals(Map.of(0, List.of(id(5))), ready(1));
    }

    @Test
    void grandchildrenWaitForChildren() {
        ledger.listed(List.of(shard(0), shard(1, 0), shard(2, 1)));
        ledger.assigned(id(0));
        ledger.finished(id(0), 0);
        assertEquals(Map.of(0, List.of(id(1))), ready(1));
    }

    @Test
    void theStateKeepsWhoIsAssignedAndFinishedAndForgetsWhatKinesisForgot() {
        ledger.listed(List.of(shard(0), shard(1), shard(2, 0)));
        ledger.assigned(id(0));
        ledger.assigned(id(1));
        ledger.finished(id(0), 0);
        assertEquals(new EnumeratorState(START, Set.of(id(1)), Set.of(id(0))), ledger.state());
        ledger.listed(List.of(shard(1), shard(2, 0)));
        assertEquals(Set.of(), ledger.state().finished());
    }

    @Test
    void aRestoredLedgerGoesOnWhereItWas() {
        ShardLedger restored = new ShardLedger(new EnumeratorState(START, Set.of(id(1)), Set.of(id(0))));
        restored.listed(List.of(shard(0), shard(1), shard(2, 0), shard(3, 1)));
        assertEquals(Set.of(id(2)), Set.copyOf(restored.ready(1).get(0).stream().map(ShardSplit::shardId).toList()));
    }

    @Test
    void aChildOfAReaderThatIsGoneAfterScalingDownIsStillDealtOut() {
        ledger.listed(List.of(shard(0), shard(1, 0)));
        ledger.finished(id(0), 7);
        assertEquals(Map.of(1, List.of(id(1))), ready(2));
    }

    private Map<Integer, List<String>> ready(int parallelism) {
        Map<Integer, List<String>> ids = new TreeMap<>();
        ledger.ready(parallelism)
                .forEach((subtask, splits) -> ids.put(subtask, splits.stream().map(ShardSplit::shardId).toList()));
        return ids;
    }

    private static ListedShard shard(int number, int... parents) {
        return new ListedShard(id(number), Arrays.stream(parents).mapToObj(ShardLedgerTest::id).toList());
    }

    private static String id(int number) {
        return String.format("shardId-%012d", number);
    }
}
