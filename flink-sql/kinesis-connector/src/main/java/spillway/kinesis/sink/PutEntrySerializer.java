package spillway.kinesis.sink;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.connector.base.sink.writer.AsyncSinkWriterStateSerializer;

/** Records in checkpoints that were not written yet. Version 1 is the only one so far. */
final class PutEntrySerializer extends AsyncSinkWriterStateSerializer<PutEntry> {

    static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    protected void serializeRequestToStream(PutEntry entry, DataOutputStream out) throws IOException {
        out.writeUTF(entry.partitionKey());
        out.writeInt(entry.data().length);
        out.write(entry.data());
    }

    @Override
    protected PutEntry deserializeRequestFromStream(long size, DataInputStream in) throws IOException {
        String partitionKey = in.readUTF();
        byte[] data = new byte[in.readInt()];
        in.readFully(data);
        return new PutEntry(partitionKey, data);
    }
}
