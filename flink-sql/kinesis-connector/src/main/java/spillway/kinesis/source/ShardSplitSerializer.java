package spillway.kinesis.source;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Shards in checkpoints. Version 1 is the only one so far. */
public final class ShardSplitSerializer implements SimpleVersionedSerializer<ShardSplit> {

    static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(ShardSplit split) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(128);
        out.writeUTF(split.shardId());
        writeStart(split.start(), out);
        out.writeBoolean(split.lastSequenceNumber() != null);
        if (split.lastSequenceNumber() != null) {
            out.writeUTF(split.lastSequenceNumber());
        }
        out.writeLong(split.newestArrivalMs());
        out.writeBoolean(split.finished());
        out.writeLong(split.watermark());
        return out.getCopyOfBuffer();
    }

    @Override
    public ShardSplit deserialize(int version, byte[] serialized) throws IOException {
        requireVersion(version, VERSION, "a shard");
        DataInputDeserializer in = new DataInputDeserializer(serialized);
        String shardId = in.readUTF();
        StartPosition start = readStart(in);
        String lastSequenceNumber = in.readBoolean() ? in.readUTF() : null;
        return new ShardSplit(
                shardId, start, lastSequenceNumber, in.readLong(), in.readBoolean(), in.readLong());
    }

    static void writeStart(StartPosition start, DataOutputSerializer out) throws IOException {
        out.writeBoolean(start.timestampMs() != null);
        if (start.timestampMs() != null) {
            out.writeLong(start.timestampMs());
        }
    }

    static StartPosition readStart(DataInputDeserializer in) throws IOException {
        return in.readBoolean() ? StartPosition.at(in.readLong()) : StartPosition.TRIM_HORIZON;
    }

    static void requireVersion(int found, int known, String what) throws IOException {
        if (found != known) {
            throw new IOException(
                    "the state holds " + what + " of version " + found + ", but this connector reads version " + known
                            + "; restore it with the connector that wrote it, or start without state");
        }
    }
}
