package spillway.kinesis.client;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kinesis data stream and where to reach it.
 *
 * @param endpoint null for the SDK's own choice: its environment variable AWS_ENDPOINT_URL_KINESIS or AWS's endpoint
 *     of the region
 * @param credentials where those of its calls come from
 */
public record KinesisStream(String arn, String region, String account, String name, String endpoint, Credentials credentials)
        implements Serializable {

    private static final Pattern ARN = Pattern.compile("arn:[^:]+:kinesis:([a-z0-9-]+):(\\d{12}):stream/([a-zA-Z0-9_.-]{1,128})");

    /** With the credentials that the SDK finds by itself; otherwise like the other one. */
    public static KinesisStream of(String arn, Optional<String> region, Optional<String> endpoint) {
        return of(arn, region, endpoint, new Credentials.Auto());
    }

    /**
     * Reads region, account and name out of the ARN.
     *
     * @throws IllegalArgumentException if it is no ARN of a stream, or is of another region than the one given
     */
    public static KinesisStream of(
            String arn, Optional<String> region, Optional<String> endpoint, Credentials credentials) {
        Matcher parts = ARN.matcher(arn);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "stream.arn is '" + arn + "', which is not the ARN of a Kinesis stream;"
                            + " it must look like arn:aws:kinesis:us-east-1:123456789012:stream/usage");
        }
        if (region.isPresent() && !region.get().equals(parts.group(1))) {
            throw new IllegalArgumentException(
                    "aws.region is '" + region.get() + "', but stream.arn '" + arn + "' is of the region '"
                            + parts.group(1) + "'; leave aws.region out or make them the same");
        }
        return new KinesisStream(arn, parts.group(1), parts.group(2), parts.group(3), endpoint.orElse(null), credentials);
    }
}
