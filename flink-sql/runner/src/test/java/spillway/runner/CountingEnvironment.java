package spillway.runner;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** The Flink that a program finds around it, on this JVM; it remembers the jobs it was given. */
final class CountingEnvironment extends StreamExecutionEnvironment {

    private static final List<JobClient> JOBS = new CopyOnWriteArrayList<>();
    private static final List<String> NAMES = new CopyOnWriteArrayList<>();

    private CountingEnvironment(Configuration configuration) {
        super(configuration.set(DeploymentOptions.TARGET, "local").set(DeploymentOptions.ATTACHED, true));
    }

    /** Runs a program in it, waits for its jobs, and answers their names. */
    static List<String> jobsOf(Runnable program) throws Exception {
        JOBS.clear();
        NAMES.clear();
        initializeContextEnvironment(CountingEnvironment::new);
        try {
            program.run();
            for (JobClient job : JOBS) {
                job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
            }
            return List.copyOf(NAMES);
        } finally {
            resetContextEnvironment();
        }
    }

    @Override
    public JobClient executeAsync(StreamGraph graph) throws Exception {
        NAMES.add(graph.getJobName());
        JobClient job = super.executeAsync(graph);
        JOBS.add(job);
        return job;
    }
}
