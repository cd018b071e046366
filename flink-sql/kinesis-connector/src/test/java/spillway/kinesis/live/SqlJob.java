package spillway.kinesis.live;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** One running INSERT on a Flink of its own inside this process. */
final class SqlJob implements AutoCloseable {

    private static final long BOUND_SECONDS = 60;

    private final JobClient client;
    private boolean ended;

    /**
     * @param savepoint to restore from, or null
     * @param statements CREATE statements, and the INSERT last
     */
    SqlJob(int parallelism, String savepoint, String... statements) {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", String.valueOf(parallelism));
        configuration.setString("execution.checkpointing.interval", "500 ms");
        configuration.setString("restart-strategy.type", "fixed-delay");
        configuration.setString("restart-strategy.fixed-delay.attempts", "3");
        configuration.setString("restart-strategy.fixed-delay.delay", "200 ms");
        configuration.setString("rest.bind-port", "0");
        configuration.setString("table.local-time-zone", "UTC");
        if (savepoint != null) {
            configuration.setString("execution.state-recovery.path", savepoint);
        }
        StreamTableEnvironment environment =
                StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment(configuration));
        JobClient started = null;
        for (String statement : statements) {
            started = environment.executeSql(statement).getJobClient().orElse(null);
        }
        if (started == null) {
            throw new IllegalArgumentException("the last statement starts no job");
        }
        client = started;
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

    /** Why the job has failed. */
    Throwable failure() {
        ended = true;
        try {
            client.getJobExecutionResult().get(BOUND_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("the job has not failed");
        } catch (Exception e) {
            return e;
        }
    }

    /** Ends the job if it has not ended by itself; with its end, the Flink of this job is gone too. */
    @Override
    public void close() throws Exception {
        if (!ended) {
            client.cancel().get(BOUND_SECONDS, TimeUnit.SECONDS);
        }
    }
}
