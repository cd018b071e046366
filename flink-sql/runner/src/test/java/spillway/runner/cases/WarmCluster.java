package spillway.runner.cases;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.deployment.executors.PipelineExecutorUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.util.InstantiationUtil;

/** One Flink in this JVM for all jobs. It listens on 127.0.0.1 only. */
public final class WarmCluster implements AutoCloseable {

    private static final int SLOTS = 8;
    private static final long PATIENCE_SECONDS = 60;

    private final MiniCluster cluster;

    public WarmCluster() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.BIND_PORT, "0");
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build());
        cluster.start();
    }

    /**
     * What a set of INSERTs makes of itself on such an environment, as a job that can be started again and again.
     *
     * @param inserts adds them to the environment it is given
     */
    public JobGraph plan(Configuration configuration, Function<StreamTableEnvironment, StatementSet> inserts) {
        configuration.set(DeploymentOptions.TARGET, Planning.NAME);
        Planning planning = new Planning();
        StreamExecutionEnvironment environment =
                new StreamExecutionEnvironment(planning, configuration, WarmCluster.class.getClassLoader());
        inserts.apply(StreamTableEnvironment.create(environment)).execute();
        return planning.graph;
    }

    /** @param savepoint to begin from, or null */
    public JobClient start(JobGraph planned, String savepoint) throws Exception {
        JobGraph graph = InstantiationUtil.clone(planned);
        graph.setJobID(new JobID());
        if (savepoint != null) {
            graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint));
        }
        cluster.submitJob(graph).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return client(graph);
    }

    private JobClient client(JobGraph graph) {
        return new MiniClusterJobClient(
                graph.getJobID(),
                cluster,
                WarmCluster.class.getClassLoader(),
                MiniClusterJobClient.JobFinalizationBehavior.NOTHING);
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }

    /** Keeps the job that Flink would have it execute. */
    private final class Planning implements PipelineExecutorServiceLoader, PipelineExecutorFactory {

        private static final String NAME = "planning";

        private JobGraph graph;

        @Override
        public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
            return this;
        }

        @Override
        public Stream<String> getExecutorNames() {
            return Stream.of(NAME);
        }

        @Override
        public String getName() {
            return NAME;
        }

        @Override
        public boolean isCompatibleWith(Configuration configuration) {
            return true;
        }

        @Override
        public PipelineExecutor getExecutor(Configuration unused) {
            return (pipeline, configuration, loader) -> {
                graph = PipelineExecutorUtils.getStreamGraph(pipeline, configuration).getJobGraph(loader, new JobID());
                return CompletableFuture.completedFuture(client(graph));
            };
        }
    }
}
