package spillway.kinesis.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;

/** Stands in for Kinesis where it must answer in ways that a healthy server does not at will. */
final class AnsweringClient implements KinesisClient {

    /** How an iterator was asked for, such as `AFTER_SEQUENCE_NUMBER 49`. */
    final List<String> iteratorsAskedFor = new ArrayList<>();

    private final Deque<Supplier<GetRecordsResponse>> answers = new ArrayDeque<>();

    /** What GetRecords answers next, or throws. */
    AnsweringClient then(Supplier<GetRecordsResponse> answer) {
        answers.add(answer);
        return this;
    }

    @Override
    public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
        String from =
                request.startingSequenceNumber() != null
                        ? " " + request.startingSequenceNumber()
                        : request.timestamp() != null ? " " + request.timestamp().toEpochMilli() : "";
        iteratorsAskedFor.add(request.shardIteratorTypeAsString() + from);
        return GetShardIteratorResponse.builder().shardIterator("iterator").build();
    }

    @Override
    public GetRecordsResponse getRecords(GetRecordsRequest request) {
        return answers.remove().get();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
