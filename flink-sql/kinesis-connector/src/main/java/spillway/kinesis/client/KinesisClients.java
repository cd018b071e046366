package spillway.kinesis.client;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.KinesisClientBuilder;

/** Makes the one kind of Kinesis client the connector uses: synchronous, over HTTP/1.1. */
public final class KinesisClients {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

    private KinesisClients() {}

    /**
     * A client for the stream's region. It makes one attempt per call: source and sink each know better than the SDK
     * when to try again, and a thread that waits inside the SDK would hold up the other shards.
     */
    public static KinesisClient create(KinesisStream stream) {
        KinesisClientBuilder builder =
                KinesisClient.builder()
                        .region(Region.of(stream.region()))
                        .httpClientBuilder(
                                UrlConnectionHttpClient.builder()
                                        .connectionTimeout(CONNECT_TIMEOUT)
                                        .socketTimeout(SOCKET_TIMEOUT))
                        .overrideConfiguration(
                                configuration ->
                                        configuration
                                                .retryStrategy(AwsRetryStrategy.doNotRetry())
                                                .apiCallTimeout(CALL_TIMEOUT));
        if (stream.endpoint() != null) {
            builder.endpointOverride(URI.create(stream.endpoint()));
        }
        return builder.build();
    }
}
