package spillway.kinesis.source;

import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.clock.RelativeClock;
import org.apache.flink.util.clock.SystemClock;

/** What a watermark generator may ask for. */
record ShardContext(MetricGroup metricGroup) implements WatermarkGeneratorSupplier.Context {

    @Override
    public MetricGroup getMetricGroup() {
        return metricGroup;
    }

    @Override
    public RelativeClock getInputActivityClock() {
        return SystemClock.getInstance();
    }
}
