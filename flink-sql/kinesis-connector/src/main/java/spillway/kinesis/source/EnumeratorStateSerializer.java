package spillway.kinesis.source;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The enumerator's state in checkpoints. Version 1 is the only one so far. */
public final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {

    static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(EnumeratorState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        ShardSplitSerializer.writeStart(state.start(), out);
        write(state.assigned(), out);
        write(state.finished(), out);
        return out.getCopyOfBuffer();
    }

    @Override
    public EnumeratorState deserialize(int version, byte[] serialized) throws IOException {
        ShardSplitSerializer.requireVersion(version, VERSION, "the enumerator");
        DataInputDeserializer in = new DataInputDeserializer(serialized);
        return new EnumeratorState(ShardSplitSerializer.readStart(in), read(in), read(in));
    }

    private static void write(Set<String> shardIds, DataOutputSerializer out) throws IOException {
        out.writeInt(shardIds.size());
        for (String shardId : shardIds) {
            out.writeUTF(shardId);
        }
    }

    private static Set<String> read(DataInputDeserializer in) throws IOException {
        int count = in.readInt();
        Set<String> shardIds = new HashSet<>();
        for (int i = 0; i < count; i++) {
            shardIds.add(in.readUTF());
        }
        return shardIds;
    }
}
