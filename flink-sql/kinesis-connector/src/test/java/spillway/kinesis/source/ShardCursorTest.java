package spillway.kinesis.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import spillway.kinesis.client.KinesisStream;

class ShardCursorTest {

    private static final long T = 1_700_000_000_000L;
    private static final KinesisStream STREAM =
            KinesisStream.of("arn:aws:kinesis:us-east-1:123456789012:stream/usage", Optional.empty(), Optional.empty());

    private static final SourceSettings SETTINGS =
            new SourceSettings(
                    Duration.ofSeconds(10),
                    Duration.ofMillis(500),
                    1_000,
                    Duration.ofSeconds(1),
                    Duration.ZERO,
                    Duration.ofSeconds(60));

    private final AnsweringClient kinesis = new AnsweringClient();

    @Test
    void anUnreadShardBeginsAtThePinnedTime() {
        cursor(ShardSplit.unread("shard", StartPosition.at(T))).read(kinesis.then(() -> answer(0)), T);
        assertEquals(List.of("AT_TIMESTAMP " + T), kinesis.iteratorsAskedFor);
    }

    @Test
    void aShardThatWasReadGoesOnAfterItsLastRecord() {
        ShardSplit split = new ShardSplit("shard", StartPosition.TRIM_HORIZON, "48", T, false, ShardSplit.NONE);
        cursor(split).read(kinesis.then(() -> answer(0)), T);
        assertEquals(List.of("AFTER_SEQUENCE_NUMBER 48"), kinesis.iteratorsAskedFor);
    }

    @Test
    void afterAnExpiredIteratorReadingGoesOnAfterTheLastRecord() {
        ShardCursor cursor = unread();
        cursor.read(kinesis.then(() -> answer(0, "49", "50")), T);
        ShardReport expired = cursor.read(kinesis.then(ShardCursorTest::expired), T + 500);
        assertInstanceOf(ShardReport.Unreadable.class, expired);
        cursor.read(kinesis.then(() -> answer(0)), T + 1_000);
        assertEquals(List.of("TRIM_HORIZON", "AFTER_SEQUENCE_NUMBER 50"), kinesis.iteratorsAskedFor);
    }

    @Test
    void anIteratorThatExpiresBeforeTheFirstRecordBeginsWhereTheShardDoes() {
        ShardCursor cursor = unread();
        cursor.read(kinesis.then(ShardCursorTest::expired), T);
        cursor.read(kinesis.then(() -> answer(0)), T + 500);
        assertEquals(List.of("TRIM_HORIZON", "TRIM_HORIZON"), kinesis.iteratorsAskedFor);
    }

    @Test
    void throttlingIsWaitedOutWithTheSameIteratorHoweverLong() {
        ShardCursor cursor = unread();
        cursor.read(kinesis.then(ShardCursorTest::throttled), T);
        assertTrue(cursor.nextReadMs() > T);
        ShardReport.Unreadable later =
                assertInstanceOf(
                        ShardReport.Unreadable.class,
                        cursor.read(kinesis.then(ShardCursorTest::throttled), T + 3_600_000));
        assertEquals(3_600_000, later.failingForMs());
        assertEquals(List.of("TRIM_HORIZON"), kinesis.iteratorsAskedFor);
    }

    @Test
    void aReadThatGoesThroughEndsTheFailing() {
        ShardCursor cursor = unread();
        cursor.read(kinesis.then(ShardCursorTest::throttled), T);
        cursor.read(kinesis.then(() -> answer(0)), T + 10_000);
        ShardReport.Unreadable again =
                assertInstanceOf(
                        ShardReport.Unreadable.class,
                        cursor.read(kinesis.then(ShardCursorTest::throttled), T + 20_000));
        assertEquals(0, again.failingForMs());
    }

    @Test
    void anUnreachableServiceIsGivenUpAfterFiveMinutes() {
        ShardCursor cursor = unread();
        cursor.read(kinesis.then(ShardCursorTest::unreachable), T);
        cursor.read(kinesis.then(ShardCursorTest::unreachable), T + 299_999);
        ShardReadException thrown =
                assertThrows(
                        ShardReadException.class,
                        () -> cursor.read(kinesis.then(ShardCursorTest::unreachable), T + 300_000));
        assertTrue(thrown.getMessage().contains("300 s"), thrown.getMessage());
    }

    @Test
    void aMissingStreamIsFatalAndNamesStreamAndShard() {
        ShardReadException thrown =
                assertThrows(
                        ShardReadException.class,
                        () ->
                                unread().read(
                                        kinesis.then(
                                                () -> {
                                                    throw ResourceNotFoundException.builder()
                                                            .message("no such stream")
                                                            .statusCode(400)
                                                            .build();
                                                }),
                                        T));
        assertTrue(thrown.getMessage().contains("shard shard of " + STREAM.arn()), thrown.getMessage());
    }

    @Test
    void atItsTipAShardIsReadAgainAfterThePollInterval() {
        ShardCursor cursor = unread();
        cursor.read(kinesis.then(() -> answer(0)), T);
        assertEquals(T + 500, cursor.nextReadMs());
    }

    @Test
    void aGapIsLookedThroughFaster() {
        ShardCursor cursor = unread();
        cursor.read(kinesis.then(() -> answer(7_000)), T);
        assertEquals(T + 200, cursor.nextReadMs());
    }

    @Test
    void withoutANextIteratorTheShardIsAtItsEnd() {
        ShardReport.Read last =
                assertInstanceOf(
                        ShardReport.Read.class,
                        unread().read(kinesis.then(() -> answer(0, "49").toBuilder().nextShardIterator(null).build()), T));
        assertTrue(last.endOfShard());
        assertEquals(List.of("49"), last.records().stream().map(KinesisRecord::sequenceNumber).toList());
    }

    private static ShardCursor unread() {
        return cursor(ShardSplit.unread("shard", StartPosition.TRIM_HORIZON));
    }

    private static ShardCursor cursor(ShardSplit split) {
        return new ShardCursor(STREAM, split, SETTINGS);
    }

    private static GetRecordsResponse answer(long millisBehindLatest, String... sequenceNumbers) {
        return GetRecordsResponse.builder()
                .nextShardIterator("iterator")
                .millisBehindLatest(millisBehindLatest)
                .records(Stream.of(sequenceNumbers).map(ShardCursorTest::record).toList())
                .build();
    }

    private static Record record(String sequenceNumber) {
        return Record.builder()
                .sequenceNumber(sequenceNumber)
                .approximateArrivalTimestamp(Instant.ofEpochMilli(T))
                .data(SdkBytes.fromUtf8String("{}"))
                .build();
    }

    private static GetRecordsResponse expired() {
        throw ExpiredIteratorException.builder().message("expired").statusCode(400).build();
    }

    private static GetRecordsResponse throttled() {
        throw ProvisionedThroughputExceededException.builder().message("slow down").statusCode(400).build();
    }

    private static GetRecordsResponse unreachable() {
        throw SdkClientException.create("connection refused");
    }
}
