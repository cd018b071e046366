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

    /** For which an answer is waited. */
    public static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    /** Beyond the socket's, for what the SDK does around it. */
    private static final Duration CALL_MARGIN = Duration.ofSeconds(5);

    private KinesisClients() {}

    /**
     * A client for the stream's region. It makes one attempt per call: source and sink each know better than the SDK
     * when to try again, and a thread that waits inside the SDK would hold up the other shards.
     */
    public static KinesisClient create(KinesisStream stream) {
        return create(stream, READ_TIMEOUT);
    }

    /** The same with another time for which an answer is waited. */
    public static KinesisClient create(KinesisStream stream, Duration readTimeout) {
        Region region = Region.of(stream.region());
        KinesisClientBuilder builder =
                KinesisClient.builder()
                        .region(region)
                        .credentialsProvider(stream.credentials().provider(region))
                        .httpClientBuilder(
                                UrlConnectionHttpClient.builder()
                                        .connectionTimeout(CONNECT_TIMEOUT)
                                        .socketTimeout(readTimeout))
                        .overrideConfiguration(
                                configuration ->
                                        configuration
                                                .retryStrategy(AwsRetryStrategy.doNotRetry())
                                                .apiCallTimeout(readTimeout.plus(CALL_MARGIN)));
        if (stream.endpoint() != null) {
            builder.endpointOverride(URI.create(stream.endpoint()));
        }
        return builder.build();
    }
}
