package spillway.runner.cases;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointFailureReason;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.util.ExceptionUtils;
import spillway.kinesis.source.ScriptedReader.Progress;
import spillway.runner.CaseApplication;
import spillway.runner.scripted.Script;

/** Runs cases on the warm cluster, one after the other. What is to come is planned meanwhile. */
final class CaseRun implements AutoCloseable {

    /** A case has some dozens of records: one that takes longer hangs. */
    private static final long PATIENCE_SECONDS = 60;

    /** What is planned once for all cases that ask the same of the SQL, which takes most of a case's time. */
    private record Planned(String run, JobGraph graph) {}

    private record Question(CaseApplication application, int parallelism) {}

    private final Map<Question, Future<Planned>> plans = new HashMap<>();
    /** One thread: plans are made in the order of the cases. */
    private final ExecutorService planner = Executors.newSingleThreadExecutor();
    private final WarmCluster cluster;
    private final String savepoints;
    private final String stateBackend;

    /**
     * @param savepoints a folder for them
     * @param stateBackend as Flink's state.backend.type names it
     */
    CaseRun(WarmCluster cluster, String savepoints, String stateBackend) {
        this.cluster = cluster;
        this.savepoints = savepoints;
        this.stateBackend = stateBackend;
    }

    /** Makes the plans of a case while others run. */
    void planAhead(GoldenCase asked) {
        asked.phases().forEach(phase -> planned(new Question(phase.application(), phase.parallelism())));
    }

    /** For each phase the JSON that each sink took, by its table. */
    List<Map<String, List<String>>> outcome(GoldenCase asked) throws Exception {
        List<Map<String, List<String>>> taken = new ArrayList<>();
        Progress progress = Progress.at(asked.startMs());
        String savepoint = null;
        for (int index = 0; index < asked.phases().size(); index++) {
            GoldenCase.Phase phase = asked.phases().get(index);
            boolean isLast = index == asked.phases().size() - 1;
            CaseScript script =
                    new CaseScript(asked.shards(), phase.records(), isLast, progress, new CompletableFuture<>());
            Planned planned = made(planned(new Question(phase.application(), phase.parallelism())));
            CaseScript.put(planned.run(), script);
            try {
                savepoint = perform(cluster.start(planned.graph(), savepoint), script);
            } finally {
                CaseScript.remove(planned.run());
                taken.add(new TreeMap<>(Script.take(planned.run())));
            }
            progress = script.read().join();
        }
        return taken;
    }

    private Future<Planned> planned(Question question) {
        return plans.computeIfAbsent(question, asked -> planner.submit(() -> {
            String run = UUID.randomUUID().toString();
            return new Planned(
                    run,
                    cluster.plan(
                            configuration(asked.parallelism()),
                            environment -> asked.application().inserts(environment, run)));
        }));
    }

    private static Planned made(Future<Planned> plan) throws Exception {
        try {
            return plan.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    @Override
    public void close() {
        planner.shutdownNow();
    }

    /** One job from its start to its savepoint: that it is there says that all before it has gone through the job. */
    private String perform(JobClient job, CaseScript script) throws Exception {
        try {
            CompletableFuture<?> ended = job.getJobExecutionResult();
            CompletableFuture.anyOf(script.read(), ended).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String saved = saved(job, ended);
            ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return saved;
        } catch (Exception cause) {
            job.cancel();
            throw cause;
        }
    }

    /** The source may have handed everything on before the last task runs, and only then can there be a savepoint. */
    private String saved(JobClient job, CompletableFuture<?> ended) throws Exception {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                CompletableFuture<String> saved =
                        job.stopWithSavepoint(false, savepoints, SavepointFormatType.NATIVE);
                // A job that fails may leave the savepoint without an answer.
                CompletableFuture.anyOf(saved, ended).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return saved.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException refused) {
                boolean starts = ExceptionUtils.findThrowable(refused, CheckpointException.class)
                        .map(CheckpointException::getCheckpointFailureReason)
                        .filter(CheckpointFailureReason.NOT_ALL_REQUIRED_TASKS_RUNNING::equals)
                        .isPresent();
                if (job.getJobStatus().get().isTerminalState()) {
                    // Why it ended says more than that it cannot be saved any more.
                    ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
                if (!starts || System.nanoTime() > deadlineNs) {
                    throw refused;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private Configuration configuration(int parallelism) {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, stateBackend);
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.STREAMING);
        return configuration;
    }
}
