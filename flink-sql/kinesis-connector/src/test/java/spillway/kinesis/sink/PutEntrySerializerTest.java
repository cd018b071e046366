package spillway.kinesis.sink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.RequestEntryWrapper;
import org.junit.jupiter.api.Test;

class PutEntrySerializerTest {

    @Test
    void recordsThatWereNotWrittenYetComeBackAsTheyWere() throws IOException {
        PutEntrySerializer serializer = new PutEntrySerializer();
        PutEntry entry = new PutEntry("key", new byte[] {1, 2, 3});
        byte[] state =
                serializer.serialize(
                        new BufferedRequestState<>(List.of(new RequestEntryWrapper<>(entry, entry.sizeInBytes()))));
        PutEntry restored =
                serializer
                        .deserialize(serializer.getVersion(), state)
                        .getBufferedRequestEntries()
                        .get(0)
                        .getRequestEntry();
        assertEquals("key", restored.partitionKey());
        assertArrayEquals(new byte[] {1, 2, 3}, restored.data());
        assertEquals(6, restored.sizeInBytes());
    }
}
