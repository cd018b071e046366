package spillway.kinesis.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.formats.common.TimestampFormat;
import org.apache.flink.formats.json.JsonRowDataDeserializationSchema;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {

    private static final RowType ROW =
            RowType.of(
                    new LogicalType[] {VarCharType.STRING_TYPE, new BigIntType()},
                    new String[] {"app", "units"});

    private final RecordDecoder decoder = decoder(List.of(MetadataColumn.values()));

    @Test
    void aGoodRecordHasNeitherErrorNorPayload() {
        RecordDecoder.Rows decoded = decoder.decode(record("{\"app\":\"a\",\"units\":7}"));
        assertFalse(decoded.malformed());
        RowData row = decoded.rows().get(0);
        assertEquals("a", row.getString(0).toString());
        assertEquals(7, row.getLong(1));
        assertTrue(row.isNullAt(2));
        assertTrue(row.isNullAt(3));
        assertEquals("shardId-000000000000", row.getString(4).toString());
        assertEquals("49", row.getString(5).toString());
        assertEquals(1_700_000_000_123L, row.getTimestamp(6, 3).getMillisecond());
    }

    @Test
    void aRecordThatIsNotJsonBecomesARowThatSaysSo() {
        RecordDecoder.Rows decoded = decoder.decode(record("{\"app\":"));
        assertTrue(decoded.malformed());
        RowData row = decoded.rows().get(0);
        assertTrue(row.isNullAt(0));
        assertTrue(row.isNullAt(1));
        assertFalse(row.getString(2).toString().isBlank());
        assertEquals("{\"app\":", row.getString(3).toString());
        assertEquals("49", row.getString(5).toString());
    }

    @Test
    void aFieldOfTheWrongTypeIsMalformedToo() {
        RowData row = onlyRow(decoder.decode(record("{\"app\":\"a\",\"units\":\"many\"}")));
        assertTrue(row.isNullAt(0));
        assertTrue(row.getString(2).toString().contains("many"), row.getString(2).toString());
    }

    @Test
    void anEmptyRecordIsMalformed() {
        RowData row = onlyRow(decoder.decode(record("")));
        assertEquals("", row.getString(3).toString());
        assertFalse(row.isNullAt(2));
    }

    @Test
    void anAggregatedRecordSaysWhatToTurnOff() {
        byte[] data = {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2, 1, 2, 3};
        RowData row = onlyRow(decoder.decode(new KinesisRecord("s", "49", 0, data)));
        assertTrue(row.getString(2).toString().contains("AggregationEnabled"), row.getString(2).toString());
    }

    @Test
    void aPayloadTooLongToBeSetAsideIsCutAndSaysSo() {
        RowData row = onlyRow(decoder.decode(record("x".repeat(RecordDecoder.LONGEST_PAYLOAD + 1))));
        assertEquals(RecordDecoder.LONGEST_PAYLOAD, row.getString(3).toString().length());
        assertTrue(row.getString(2).toString().contains("are kept"), row.getString(2).toString());
    }

    @Test
    void withoutThePlaceForThemAMalformedRecordFailsAndSaysWhichColumnsToDeclare() {
        RecordDecoder strict = decoder(List.of(MetadataColumn.ERROR));
        MalformedRecordException thrown =
                assertThrows(MalformedRecordException.class, () -> strict.decode(record("nonsense")));
        for (String part : List.of("49", "shardId-000000000000", "default.usage", "payload STRING METADATA VIRTUAL")) {
            assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
        }
    }

    @Test
    void aTableWithoutMetadataGetsTheFormatsRow() {
        assertEquals(2, onlyRow(decoder(List.of()).decode(record("{}"))).getArity());
    }

    private static RowData onlyRow(RecordDecoder.Rows decoded) {
        assertEquals(1, decoded.rows().size());
        return decoded.rows().get(0);
    }

    private static KinesisRecord record(String text) {
        return new KinesisRecord(
                "shardId-000000000000", "49", 1_700_000_000_123L, text.getBytes(StandardCharsets.UTF_8));
    }

    private static RecordDecoder decoder(List<MetadataColumn> metadata) {
        RecordDecoder decoder =
                new RecordDecoder(
                        new JsonRowDataDeserializationSchema(
                                ROW, InternalTypeInfo.of(ROW), false, false, TimestampFormat.SQL),
                        2,
                        metadata,
                        "default.usage");
        try {
            decoder.open(new Opening());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return decoder;
    }

    private static final class Opening implements DeserializationSchema.InitializationContext {
        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
        }

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            return SimpleUserCodeClassLoader.create(getClass().getClassLoader());
        }
    }
}
