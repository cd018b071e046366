package spillway.kinesis.live;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands before the Kinesis server and refuses some calls in the ways the service does: a fifth is throttled, a tenth
 * of GetRecords finds its iterator expired, a twentieth meets a broken server. Which ones is drawn from a seed, since a
 * fixed rhythm would meet the same shard again and again.
 */
final class RefusingFront implements AutoCloseable {

    private static final String JSON = "application/x-amz-json-1.1";
    private static final Set<String> PASSED_ON = Set.of("x-amz-target", "content-type", "authorization", "x-amz-date");

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Random random = new Random(7);
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicReference<String> forbidden = new AtomicReference<>();
    private final int severity;
    private final HttpServer server;

    /** @param severity 1 for the shares above, 0 for none */
    RefusingFront(int severity) throws IOException {
        this.severity = severity;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Denies the next call of this operation, which fails whoever makes it. */
    void forbidOnce(String operation) {
        forbidden.set(operation);
    }

    /** How many calls were refused so far. */
    int refused() {
        return refused.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String operation = target.substring(target.indexOf('.') + 1);
        int drawn = severity == 0 ? 100 : draw();
        if (operation.equals(forbidden.get()) && forbidden.getAndSet(null) != null) {
            refuse(exchange, 400, "AccessDeniedException");
        } else if (drawn < 20) {
            refuse(exchange, 400, "ProvisionedThroughputExceededException");
        } else if (drawn < 25) {
            refuse(exchange, 500, "InternalFailure");
        } else if (drawn < 35 && operation.equals("GetRecords")) {
            refuse(exchange, 400, "ExpiredIteratorException");
        } else {
            passOn(exchange, body);
        }
    }

    private int draw() {
        synchronized (random) {
            return random.nextInt(100);
        }
    }

    private void refuse(HttpExchange exchange, int status, String type) throws IOException {
        refused.incrementAndGet();
        send(exchange, status, "{\"__type\":\"%s\",\"message\":\"refused\"}".formatted(type).getBytes(StandardCharsets.UTF_8));
    }

    private void passOn(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(System.getenv("AWS_ENDPOINT_URL_KINESIS")))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) -> {
                            if (PASSED_ON.contains(name.toLowerCase())) {
                                request.header(name, values.get(0));
                            }
                        });
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            send(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.close();
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", JSON);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
