package spillway.kinesis.onflink;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** What Flink reports to the outside, by full name. Flink finds it through its service file. */
public final class ReportedMetrics implements MetricReporterFactory {

    /** Settings under which a job reports here. */
    static final Map<String, String> SETTINGS =
            Map.of("metrics.reporter.test.factory.class", ReportedMetrics.class.getName());

    private static final Map<String, Metric> metrics = new ConcurrentHashMap<>();

    /** The number that the metric of that end of a name has now; null if there is none. */
    static Long valueOf(String endOfName) {
        return metrics.entrySet().stream()
                .filter(metric -> metric.getKey().endsWith(endOfName))
                .findFirst()
                .map(Map.Entry::getValue)
                .map(
                        metric ->
                                metric instanceof Counter counter
                                        ? Long.valueOf(counter.getCount())
                                        : (Long) ((Gauge<?>) metric).getValue())
                .orElse(null);
    }

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return new MetricReporter() {
            @Override
            public void open(MetricConfig config) {
                metrics.clear();
            }

            @Override
            public void close() {}

            @Override
            public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
                metrics.put(group.getMetricIdentifier(name), metric);
            }

            @Override
            public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
                metrics.remove(group.getMetricIdentifier(name));
            }
        };
    }
}
