package spillway.kinesis.source;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/** What comes out of a source, one word each, and what Flink makes of it as one of the inputs of an operator. */
final class Downstream implements DataOutput<String> {

    /** What came out, such as `row`, `IDLE`, `watermark 100`. */
    final List<String> seen = new ArrayList<>();

    private final StatusWatermarkValve valve;
    private final int channel;
    private final DataOutput<String> operator;

    /** A source that leads nowhere. */
    Downstream() {
        this(null, 0, null);
    }

    /** A source that leads into this input of an operator. */
    Downstream(StatusWatermarkValve valve, int channel, DataOutput<String> operator) {
        this.valve = valve;
        this.channel = channel;
        this.operator = operator;
    }

    @Override
    public void emitRecord(StreamRecord<String> row) {
        seen.add(row.getValue());
    }

    @Override
    public void emitWatermark(Watermark watermark) throws Exception {
        seen.add("watermark " + watermark.getTimestamp());
        if (valve != null) {
            valve.inputWatermark(watermark, channel, operator);
        }
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) throws Exception {
        seen.add(status.isIdle() ? "IDLE" : "ACTIVE");
        if (valve != null) {
            valve.inputWatermarkStatus(status, channel, operator);
        }
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {}

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {}

    @Override
    public void emitWatermark(WatermarkEvent watermark) {}
}
