package spillway.runner.cases;

import java.util.List;
import spillway.kinesis.source.ScriptedReader.Scripted;
import spillway.runner.CaseApplication;

/**
 * One case as the orchestrator asks for it.
 *
 * @param shards all of the stream
 * @param startMs when the reader starts, epoch milliseconds
 * @param phases between two of them the state is saved and restored
 */
record GoldenCase(List<String> shards, long startMs, List<Phase> phases) {

    /** @param application what this phase's job runs; mostly that of the phase before */
    record Phase(CaseApplication application, int parallelism, List<Scripted> records) {}
}
