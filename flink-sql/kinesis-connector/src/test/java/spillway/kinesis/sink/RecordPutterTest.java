package spillway.kinesis.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.flink.connector.base.sink.writer.ResultHandler;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import spillway.kinesis.client.KinesisStream;

class RecordPutterTest {

    private static final KinesisStream STREAM =
            KinesisStream.of("arn:aws:kinesis:us-east-1:123456789012:stream/excess", Optional.empty(), Optional.empty());
    private static final List<PutEntry> ENTRIES =
            Stream.of("a", "b", "c").map(key -> new PutEntry(key, new byte[] {1})).toList();

    private final SimpleCounter refusals = new SimpleCounter();

    @Test
    void whatWasWrittenIsDone() throws Exception {
        assertEquals("complete", outcome(request -> results(null, null, null)));
    }

    @Test
    void onlyTheRefusedRecordsAreTriedAgain() throws Exception {
        assertEquals(
                List.of(ENTRIES.get(0), ENTRIES.get(2)),
                outcome(request -> results("ProvisionedThroughputExceededException", null, "InternalFailure")));
    }

    @Test
    void aCallThatWasThrottledIsTriedAgainWhole() throws Exception {
        assertEquals(
                ENTRIES,
                outcome(
                        request -> {
                            throw ProvisionedThroughputExceededException.builder().statusCode(400).build();
                        }));
    }

    @Test
    void whatWouldNeverWorkFailsTheJobAndNamesTheStream() throws Exception {
        Object failure =
                outcome(
                        request -> {
                            throw KinesisException.builder().message("not allowed").statusCode(400).build();
                        });
        assertTrue(
                assertInstanceOf(PutFailedException.class, failure).getMessage().contains(STREAM.arn()),
                failure.toString());
    }

    @Test
    void refusalsAreCounted() throws Exception {
        outcome(request -> results("ProvisionedThroughputExceededException", null, "InternalFailure"));
        assertEquals(2, refusals.getCount());
    }

    @Test
    void withFailOnErrorARefusedRecordFailsTheJob() throws Exception {
        Object failure = outcome(true, request -> results(null, "InternalFailure", null));
        String message = assertInstanceOf(PutFailedException.class, failure).getMessage();
        assertTrue(message.contains("1 of 3") && message.contains("sink.fail-on-error"), message);
    }

    private static SinkSettings settings(boolean failOnError) {
        return new SinkSettings(3, 1024 * 1024, Duration.ofMillis(100), 1, 10, failOnError, Duration.ofSeconds(1));
    }

    private static PutRecordsResponse results(String... errorCodes) {
        return PutRecordsResponse.builder()
                .records(
                        Stream.of(errorCodes)
                                .map(code -> PutRecordsResultEntry.builder().errorCode(code).build())
                                .toList())
                .build();
    }

    /** What the sink hears about one call: `complete`, the records to try again, or why it failed. */
    private Object outcome(Function<PutRecordsRequest, PutRecordsResponse> kinesis) throws Exception {
        return outcome(false, kinesis);
    }

    private Object outcome(boolean failOnError, Function<PutRecordsRequest, PutRecordsResponse> kinesis) throws Exception {
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        try (RecordPutter putter = new RecordPutter(STREAM, new PuttingClient(kinesis), settings(failOnError), refusals)) {
            putter.put(
                    ENTRIES,
                    new ResultHandler<>() {
                        @Override
                        public void complete() {
                            heard.add("complete");
                        }

                        @Override
                        public void completeExceptionally(Exception failure) {
                            heard.add(failure);
                        }

                        @Override
                        public void retryForEntries(List<PutEntry> again) {
                            heard.add(again);
                        }
                    });
            return heard.poll(30, TimeUnit.SECONDS);
        }
    }

    /** Stands in for Kinesis where it must refuse on demand. */
    private record PuttingClient(Function<PutRecordsRequest, PutRecordsResponse> answer) implements KinesisClient {
        @Override
        public PutRecordsResponse putRecords(PutRecordsRequest request) {
            return answer.apply(request);
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
