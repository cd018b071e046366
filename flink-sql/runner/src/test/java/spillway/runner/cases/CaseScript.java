package spillway.runner.cases;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import spillway.kinesis.source.ScriptedReader.Progress;
import spillway.kinesis.source.ScriptedReader.Scripted;

/**
 * What the source of a running case reads, by the name of the run: Flink creates the source from texts, and its tasks run
 * in this JVM.
 *
 * @param shards all of them, also those that stay silent
 * @param records up to the next restore or the end
 * @param isLast whether nothing comes after them, so that silence follows
 * @param from where the reader was when the state was saved
 * @param read completed with where the reader is once it has handed everything on
 */
record CaseScript(
        List<String> shards, List<Scripted> records, boolean isLast, Progress from, CompletableFuture<Progress> read) {

    private static final Map<String, CaseScript> SCRIPTS = new ConcurrentHashMap<>();

    static void put(String run, CaseScript script) {
        SCRIPTS.put(run, script);
    }

    static CaseScript of(String run) {
        return SCRIPTS.get(run);
    }

    static void remove(String run) {
        SCRIPTS.remove(run);
    }
}
