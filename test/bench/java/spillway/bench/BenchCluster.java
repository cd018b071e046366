package spillway.bench;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.client.deployment.executors.PipelineExecutorUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** One Flink in this JVM, with RocksDB, for all runs of a bench. It listens on 127.0.0.1 only. */
final class BenchCluster implements AutoCloseable {

    private final MiniCluster cluster;
    private final Path folder;
    private int taskManagers;

    /** @param folder for state, checkpoints and savepoints; the caller removes it */
    BenchCluster(Path folder) throws Exception {
        this.folder = folder;
        Configuration configuration = new Configuration();
        configuration.setString("rest.address", "127.0.0.1");
        configuration.setString("rest.bind-address", "127.0.0.1");
        configuration.setString("rest.bind-port", "0");
        configuration.setString("state.backend.type", "rocksdb");
        configuration.setString("execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
        configuration.setString("execution.checkpointing.savepoint-dir", folder.resolve("savepoints").toUri().toString());
        configuration.setString("execution.checkpointing.incremental", "true");
        configuration.setString("state.backend.rocksdb.localdir", folder.resolve("rocksdb").toString());
        configuration.setString("io.tmp.dirs", folder.resolve("tmp").toString());
        configuration.setString("restart-strategy.type", "fixed-delay");
        // Each try fails at once while no TaskManager is registered, and on a busy machine the next one takes its time.
        configuration.setString("restart-strategy.fixed-delay.attempts", "600");
        configuration.setString("restart-strategy.fixed-delay.delay", "100 ms");
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(4)
                .build());
        cluster.start();
    }

    StreamTableEnvironment environment(int parallelism, String restoreFrom) {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", String.valueOf(parallelism));
        configuration.setString("execution.target", "bench-cluster");
        configuration.setString("pipeline.max-parallelism", "128");
        configuration.setString("state.backend.type", "rocksdb");
        configuration.setString("execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
        if (restoreFrom != null) {
            configuration.setString("execution.state-recovery.path", restoreFrom);
        }
        return StreamTableEnvironment.create(
                new StreamExecutionEnvironment(new ThisCluster(), configuration, BenchCluster.class.getClassLoader()));
    }

    void checkpoint(JobID job) throws Exception {
        cluster.triggerCheckpoint(job).get();
    }

    /** @return its path */
    String savepoint(JobID job, SavepointFormatType format) throws Exception {
        return cluster.triggerSavepoint(job, folder.resolve("savepoints").toUri().toString(), false, format).get();
    }

    void cancel(JobID job) throws Exception {
        cluster.cancelJob(job).get();
        while (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
            Thread.sleep(20);
        }
    }

    /** The only TaskManager goes without a word, and another one comes. */
    void loseTaskManager() throws Exception {
        cluster.terminateTaskManager(taskManagers++).get();
        cluster.startTaskManager();
    }

    /** Waits until the source of the job is at the gate and all its tasks run: a checkpoint needs each of them. */
    void await(JobID job, Feed.Gate gate) throws Exception {
        for (int round = 0; round < 1_500; round++) {
            if (gate.reached.await(200, TimeUnit.MILLISECONDS)) {
                if (allTasksRun(job)) {
                    return;
                }
                Thread.sleep(200);
            }
            if (cluster.getJobStatus(job).get().isGloballyTerminalState()) {
                throw new IllegalStateException("the job ended before its source came to record " + gate.before);
            }
        }
        throw new IllegalStateException("the source has not come to record " + gate.before + " within 300 s");
    }

    private boolean allTasksRun(JobID job) throws Exception {
        for (AccessExecutionVertex task : cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
            if (task.getExecutionState() != ExecutionState.RUNNING) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }

    private final class ThisCluster implements PipelineExecutorServiceLoader, PipelineExecutorFactory {

        @Override
        public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
            return this;
        }

        @Override
        public Stream<String> getExecutorNames() {
            return Stream.of(getName());
        }

        @Override
        public String getName() {
            return "bench-cluster";
        }

        @Override
        public boolean isCompatibleWith(Configuration configuration) {
            return true;
        }

        @Override
        public PipelineExecutor getExecutor(Configuration unused) {
            return (pipeline, configuration, loader) -> submit(pipeline, configuration, loader);
        }

        private CompletableFuture<JobClient> submit(Pipeline pipeline, Configuration configuration, ClassLoader loader)
                throws Exception {
            StreamGraph graph = PipelineExecutorUtils.getStreamGraph(pipeline, configuration);
            String path = configuration.getString("execution.state-recovery.path", null);
            if (path != null) {
                graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(path, false));
            }
            return cluster.submitJob(graph).thenApply(submitted -> new MiniClusterJobClient(
                    submitted.getJobID(), cluster, loader, MiniClusterJobClient.JobFinalizationBehavior.NOTHING));
        }
    }
}
