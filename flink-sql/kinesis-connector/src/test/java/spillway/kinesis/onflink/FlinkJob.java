package spillway.kinesis.onflink;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import spillway.kinesis.live.Eventually;

/** One running job on a Flink of its own inside this process, parallelism 1. */
final class FlinkJob implements AutoCloseable {

    private static final long BOUND_SECONDS = 60;

    private final JobClient client;
    private boolean ended;

    /** @param more Flink's own settings, beside those that every job here has */
    FlinkJob(Map<String, String> more, Consumer<StreamExecutionEnvironment> topology) throws Exception {
        Configuration configuration = Configuration.fromMap(more);
        configuration.setString("parallelism.default", "1");
        configuration.setString("restart-strategy.type", "none");
        configuration.setString("rest.bind-port", "0");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        topology.accept(environment);
        client = environment.executeAsync();
    }

    /** Waits until it has ended by itself. */
    void awaitEnd() throws Exception {
        ended = true;
        client.getJobExecutionResult().get(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    /** Stops it with a savepoint, as soon as all its tasks run, and returns where that is. */
    String stop(Path folder) {
        String savepoint =
                Eventually.holds(
                        "the job can be stopped with a savepoint", () -> tryToStop(folder), stopped -> stopped != null);
        ended = true;
        return savepoint;
    }

    private String tryToStop(Path folder) {
        try {
            return client.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
                    .get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CheckpointException) {
                // Not all tasks run yet.
                return null;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws Exception {
        if (!ended) {
            client.cancel().get(BOUND_SECONDS, TimeUnit.SECONDS);
        }
    }
}
