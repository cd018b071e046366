package spillway.kinesis.scripted;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import spillway.kinesis.client.Credentials;
import spillway.kinesis.client.KinesisStream;

/**
 * One stream of one shard over HTTP, for what a healthy server does not do at will: refuse some of a call's records, be
 * so far behind, close its shard without children.
 */
public final class ScriptedKinesis implements AutoCloseable {

    private static final String ARN = "arn:aws:kinesis:us-east-1:123456789012:stream/usage";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final List<List<String>> calls = new CopyOnWriteArrayList<>();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final List<String> partitionKeys = new CopyOnWriteArrayList<>();
    private final List<String> signedBy = new CopyOnWriteArrayList<>();
    private volatile Predicate<String> refuses = text -> false;
    private volatile long millisBehindLatest;
    private final AtomicLong given = new AtomicLong();
    private volatile boolean closed;
    private final Queue<String> unread = new ConcurrentLinkedQueue<>();

    public ScriptedKinesis() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public KinesisStream stream() {
        return stream(new Credentials.Keys("id", "secret"));
    }

    public KinesisStream stream(Credentials credentials) {
        return KinesisStream.of(ARN, Optional.empty(), Optional.of(endpoint()), credentials);
    }

    /** Which records PutRecords refuses from now on, as a shard whose limit is used up does. */
    public void refuse(Predicate<String> records) {
        refuses = records;
    }

    /** Gives these records to the next GetRecords. */
    public void add(String... records) {
        unread.addAll(List.of(records));
    }

    /** What GetRecords says from now on. */
    public void behind(long millis) {
        millisBehindLatest = millis;
    }

    /** From now on GetRecords says that the shard is at its end. */
    public void closeShard() {
        closed = true;
    }

    /** The records of each PutRecords call, refused ones included. */
    public List<List<String>> calls() {
        return List.copyOf(calls);
    }

    /** The records that were taken. */
    public List<String> written() {
        return List.copyOf(written);
    }

    /** Their partition keys. */
    public List<String> partitionKeys() {
        return List.copyOf(partitionKeys);
    }

    /** The access key ids that signed the calls. */
    public List<String> signedBy() {
        return List.copyOf(signedBy);
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String signature = exchange.getRequestHeaders().getFirst("Authorization");
        signedBy.add(signature.replaceAll(".*Credential=([^/]*)/.*", "$1"));
        byte[] body = JSON.writeValueAsBytes(answerTo(target.substring(target.indexOf('.') + 1), request));
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private ObjectNode answerTo(String operation, JsonNode request) {
        ObjectNode answer = JSON.createObjectNode();
        switch (operation) {
            case "ListShards" -> answer.putArray("Shards").addObject().put("ShardId", "shardId-000000000000");
            case "GetShardIterator" -> answer.put("ShardIterator", "iterator");
            case "GetRecords" -> {
                ArrayNode records = answer.put("MillisBehindLatest", millisBehindLatest).putArray("Records");
                for (String text = unread.poll(); text != null; text = unread.poll()) {
                    records.addObject()
                            .put("SequenceNumber", String.valueOf(given.incrementAndGet()))
                            .put("ApproximateArrivalTimestamp", 1_700_000_000)
                            .put("PartitionKey", "any")
                            .put("Data", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
                }
                if (!closed) {
                    answer.put("NextShardIterator", "iterator");
                }
            }
            case "PutRecords" -> put(request, answer);
            default -> throw new IllegalArgumentException("no script for " + operation);
        }
        return answer;
    }

    private void put(JsonNode request, ObjectNode answer) {
        List<String> call = new ArrayList<>();
        int failed = 0;
        for (JsonNode record : request.get("Records")) {
            String text = new String(Base64.getDecoder().decode(record.get("Data").asText()), StandardCharsets.UTF_8);
            call.add(text);
            ObjectNode result = answer.withArray("Records").addObject();
            if (refuses.test(text)) {
                result.put("ErrorCode", "ProvisionedThroughputExceededException").put("ErrorMessage", "slow down");
                failed++;
            } else {
                result.put("SequenceNumber", String.valueOf(written.size())).put("ShardId", "shardId-000000000000");
                partitionKeys.add(record.get("PartitionKey").asText());
                written.add(text);
            }
        }
        answer.put("FailedRecordCount", failed);
        calls.add(call);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
