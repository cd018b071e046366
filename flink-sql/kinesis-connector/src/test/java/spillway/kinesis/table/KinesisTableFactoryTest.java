package spillway.kinesis.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;

class KinesisTableFactoryTest {

    private static final String ARN = "arn:aws:kinesis:us-east-1:123456789012:stream/usage";

    @Test
    void theArnAndTheFormatAreEnough() {
        assertEquals("Kinesis stream usage", sourceWith(Map.of()).asSummaryString());
    }

    @Test
    void aMisspeltOptionIsRefusedByName() {
        assertRefused(Map.of("source.silense", "1 s"), "source.silense");
    }

    @Test
    void anOptionOfTheOfficialConnectorThatThisOneDoesNotHaveIsRefused() {
        assertRefused(Map.of("source.reader.type", "EFO"), "source.reader.type");
    }

    @Test
    void anArnOfSomethingElseIsRefusedWithAnExample() {
        assertRefused(Map.of("stream.arn", "arn:aws:sqs:us-east-1:123456789012:usage"), "stream.arn", ":stream/usage");
    }

    @Test
    void aRegionThatIsNotTheArnsIsRefused() {
        assertRefused(Map.of("aws.region", "eu-west-1"), "eu-west-1", "us-east-1");
    }

    @Test
    void atTimestampWithoutATimestampIsRefused() {
        assertRefused(Map.of("source.init.position", "AT_TIMESTAMP"), "source.init.timestamp");
    }

    @Test
    void aTimestampWithoutAtTimestampIsRefused() {
        assertRefused(Map.of("source.init.timestamp", "1769860800"), "LATEST");
    }

    @Test
    void aTimestampThatIsNoneIsRefusedWithExamples() {
        assertRefused(
                Map.of("source.init.position", "AT_TIMESTAMP", "source.init.timestamp", "yesterday"),
                "yesterday",
                "epoch seconds");
    }

    @Test
    void isoAndEpochSecondsNameTheSameTime() {
        assertEquals(1_769_860_800_000L, startOf("2026-01-31T12:00:00Z"));
        assertEquals(1_769_860_800_000L, startOf("2026-01-31T13:00:00+01:00"));
        assertEquals(1_769_860_800_000L, startOf("1769860800"));
        assertEquals(1_769_860_800_250L, startOf("1769860800.25"));
    }

    @Test
    void aPollIntervalOfNothingIsRefused() {
        assertRefused(Map.of("source.reader.empty-records-fetch-interval", "0 s"), "1 ms at least");
    }

    @Test
    void aNotNullColumnBesideErrorIsRefused() {
        DataType physical = DataTypes.ROW(DataTypes.FIELD("units", DataTypes.BIGINT().notNull()));
        KinesisTableSource source =
                (KinesisTableSource)
                        create(Map.of(), List.of(Column.physical("units", DataTypes.BIGINT().notNull())));
        Throwable refused =
                assertThrows(Exception.class, () -> source.applyReadableMetadata(List.of("error"), physical));
        assertTrue(refused.getMessage().contains("column units"), refused.getMessage());
    }

    private static long startOf(String timestamp) {
        return InitialPositions.of(
                        Configuration.fromMap(
                                Map.of("source.init.position", "AT_TIMESTAMP", "source.init.timestamp", timestamp)))
                .timestampMs();
    }

    private static void assertRefused(Map<String, String> options, String... parts) {
        Throwable refused = assertThrows(Exception.class, () -> sourceWith(options));
        StringBuilder said = new StringBuilder();
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            said.append(cause.getMessage()).append('\n');
        }
        for (String part : parts) {
            assertTrue(said.toString().contains(part), said.toString());
        }
    }

    private static DynamicTableSource sourceWith(Map<String, String> options) {
        return create(options, List.of(Column.physical("units", DataTypes.BIGINT())));
    }

    private static DynamicTableSource create(
            Map<String, String> options, List<Column> columns) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("connector", "kinesis", "stream.arn", ARN, "format", "json"));
        all.putAll(options);
        ResolvedSchema schema = ResolvedSchema.of(columns);
        CatalogTable table =
                CatalogTable.newBuilder()
                        .schema(Schema.newBuilder().fromResolvedSchema(schema).build())
                        .options(all)
                        .build();
        return FactoryUtil.createDynamicTableSource(
                null,
                ObjectIdentifier.of("catalog", "database", columns.stream().map(Column::getName).collect(Collectors.joining())),
                new ResolvedCatalogTable(table, schema),
                Map.of(),
                new Configuration(),
                KinesisTableFactoryTest.class.getClassLoader(),
                false);
    }
}
