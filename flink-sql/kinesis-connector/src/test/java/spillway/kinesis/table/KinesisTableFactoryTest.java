package spillway.kinesis.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;
import spillway.kinesis.client.Credentials;
import spillway.kinesis.sink.SinkSettings;
import spillway.kinesis.source.InitialPosition;

class KinesisTableFactoryTest {

    private static final String ARN = "arn:aws:kinesis:us-east-1:123456789012:stream/usage";
    private static final ObjectIdentifier NAME = ObjectIdentifier.of("catalog", "database", "usage");

    @Test
    void theArnAndTheFormatAreEnough() {
        assertEquals("Kinesis stream usage", sourceWith(Map.of()).asSummaryString());
    }

    @Test
    void aMisspeltOptionIsRefusedByName() {
        assertRefused(Map.of("source.silense", "1 s"), "source.silense");
    }

    @Test
    void everyOptionOfTheOfficialConnectorThatThisOneKnowsIsTaken() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("aws.region", "us-east-1");
        options.put("aws.endpoint", "http://127.0.0.1:4567");
        options.put("aws.credentials.provider", "BASIC");
        options.put("aws.credentials.basic.accesskeyid", "id");
        options.put("aws.credentials.basic.secretkey", "secret");
        options.put("source.init.position", "AT_TIMESTAMP");
        options.put("source.init.timestamp", "2026-01-31 12:00");
        options.put("source.init.timestamp.format", "yyyy-MM-dd HH:mm");
        options.put("source.shard.discovery.interval", "1 s");
        options.put("source.shard.get-records.max-record-count", "10000");
        options.put("source.reader.type", "POLLING");
        options.put("source.reader.empty-records-fetch-interval", "250 ms");
        options.put("sink.partitioner", "fixed");
        options.put("sink.partitioner-field-delimiter", "-");
        options.put("sink.batch.max-size", "100");
        options.put("sink.requests.max-inflight", "4");
        options.put("sink.requests.max-buffered", "1000");
        options.put("sink.flush-buffer.size", "1048576");
        options.put("sink.flush-buffer.timeout", "100");
        options.put("sink.fail-on-error", "true");
        options.put("sink.http-client.read-timeout", "5000");
        options.put("sink.http-client.max-concurrency", "10");
        options.put("sink.http-client.protocol.version", "HTTP1_1");
        sourceWith(options);
        KinesisTableSink sink = sinkWith(options);
        assertEquals(
                new SinkSettings(100, 1_048_576, Duration.ofMillis(100), 4, 1_000, true, Duration.ofSeconds(5)),
                sink.settings());
        assertEquals(new Credentials.Keys("id", "secret"), sink.stream().credentials());
    }

    @Test
    void enhancedFanOutIsRefused() {
        assertRefused(Map.of("source.reader.type", "EFO"), "source.reader.type", "enhanced fan-out");
    }

    @Test
    void credentialsThatMissAPartAreRefusedByName() {
        assertRefused(Map.of("aws.credentials.provider", "BASIC"), "aws.credentials.basic.accesskeyid");
        assertRefused(Map.of("aws.credentials.basic.accesskeyid", "id"), "aws.credentials.basic.secretkey");
        assertRefused(Map.of("aws.credentials.provider", "ASSUME_ROLE"), "aws.credentials.role.arn");
        assertRefused(Map.of("aws.credentials.provider", "CUSTOM"), "aws.credentials.provider");
    }

    @Test
    void boundsOfTheServiceAreKept() {
        assertRefused(Map.of("source.shard.get-records.max-record-count", "10001"), "from 1 to 10000");
        assertSinkRefused(Map.of("sink.batch.max-size", "501"), "from 1 to 500");
        assertSinkRefused(Map.of("sink.flush-buffer.size", "1000"), "sink.flush-buffer.size");
        assertSinkRefused(Map.of("sink.requests.max-buffered", "500"), "sink.requests.max-buffered", "from 501");
    }

    @Test
    void aPartitionerOfOnesOwnIsRefused() {
        assertSinkRefused(Map.of("sink.partitioner", "org.example.Mine"), "org.example.Mine", "PARTITIONED BY");
    }

    @Test
    void columnsThatATableIsPartitionedByMakeTheKey() {
        List<Column> columns =
                List.of(Column.physical("app", DataTypes.STRING()), Column.physical("units", DataTypes.BIGINT()));
        RowData row = GenericRowData.of(StringData.fromString("a"), 7L);
        assertEquals("a|7", keyOf(columns, List.of("app", "units"), Map.of(), row));
        assertEquals("7-a", keyOf(columns, List.of("units", "app"), Map.of("sink.partitioner-field-delimiter", "-"), row));
        String longest = "x".repeat(300);
        RowData longRow = GenericRowData.of(StringData.fromString(longest), 7L);
        assertEquals(longest.substring(0, 256), keyOf(columns, List.of("app"), Map.of(), longRow));
        assertEquals("-", keyOf(columns, List.of("app"), Map.of(), GenericRowData.of(StringData.fromString(""), 7L)));
    }

    @Test
    void aTableIsPartitionedByColumnsOrByAPartitionerButNotByBoth() {
        List<Column> columns = List.of(Column.physical("units", DataTypes.BIGINT()));
        assertSaid(
                assertThrows(
                        Exception.class,
                        () -> keyOf(columns, List.of("units"), Map.of("sink.partitioner", "random"), GenericRowData.of(7L))),
                "PARTITIONED BY units");
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
    void aTimestampHasNoEffectOnTheOtherPositions() {
        for (String position : List.of("LATEST", "TRIM_HORIZON")) {
            InitialPosition start = InitialPositions.of(Configuration.fromMap(
                    Map.of("source.init.position", position, "source.init.timestamp", "1769860800")));
            assertEquals(new InitialPosition(InitialPosition.Kind.valueOf(position), null), start);
        }
        assertRefused(Map.of("source.init.timestamp", "yesterday"), "yesterday", "epoch seconds");
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
    void aTimestampMayHaveAFormOfItsOwnInUtcOrStillBeEpochSeconds() {
        assertEquals(1_769_860_800_000L, startOf("31.01.2026 12:00", "dd.MM.yyyy HH:mm"));
        assertEquals(1_769_860_800_000L, startOf("31.01.2026 13:00 +01:00", "dd.MM.yyyy HH:mm XXX"));
        assertEquals(1_769_860_800_000L, startOf("1769860800", "dd.MM.yyyy HH:mm"));
        assertSaid(
                assertThrows(Exception.class, () -> startOf("2026-01-31T12:00:00Z", "dd.MM.yyyy HH:mm")),
                "dd.MM.yyyy HH:mm");
        assertSaid(assertThrows(Exception.class, () -> startOf("31.01.2026", "bogus")), "source.init.timestamp.format");
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

    private static long startOf(String timestamp, String format) {
        return InitialPositions.of(
                        Configuration.fromMap(
                                Map.of(
                                        "source.init.position",
                                        "AT_TIMESTAMP",
                                        "source.init.timestamp",
                                        timestamp,
                                        "source.init.timestamp.format",
                                        format)))
                .timestampMs();
    }

    private static void assertRefused(Map<String, String> options, String... parts) {
        assertSaid(assertThrows(Exception.class, () -> sourceWith(options)), parts);
    }

    private static void assertSinkRefused(Map<String, String> options, String... parts) {
        assertSaid(assertThrows(Exception.class, () -> sinkWith(options)), parts);
    }

    private static void assertSaid(Throwable refused, String... parts) {
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
        return FactoryUtil.createDynamicTableSource(
                null,
                NAME,
                tableOf(columns, List.of(), options),
                Map.of(),
                new Configuration(),
                KinesisTableFactoryTest.class.getClassLoader(),
                false);
    }

    private static KinesisTableSink sinkWith(Map<String, String> options) {
        return sinkOf(List.of(Column.physical("units", DataTypes.BIGINT())), List.of(), options);
    }

    private static String keyOf(
            List<Column> columns, List<String> partitionedBy, Map<String, String> options, RowData row) {
        return sinkOf(columns, partitionedBy, options).keys().keyOf(row);
    }

    private static KinesisTableSink sinkOf(
            List<Column> columns, List<String> partitionedBy, Map<String, String> options) {
        return (KinesisTableSink)
                FactoryUtil.createDynamicTableSink(
                        null,
                        NAME,
                        tableOf(columns, partitionedBy, options),
                        Map.of(),
                        new Configuration(),
                        KinesisTableFactoryTest.class.getClassLoader(),
                        false);
    }

    private static ResolvedCatalogTable tableOf(
            List<Column> columns, List<String> partitionedBy, Map<String, String> options) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("connector", "kinesis", "stream.arn", ARN, "format", "json"));
        all.putAll(options);
        ResolvedSchema schema = ResolvedSchema.of(columns);
        CatalogTable table =
                CatalogTable.newBuilder()
                        .schema(Schema.newBuilder().fromResolvedSchema(schema).build())
                        .partitionKeys(partitionedBy)
                        .options(all)
                        .build();
        return new ResolvedCatalogTable(table, schema);
    }
}
