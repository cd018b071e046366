package spillway.kinesis.client;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.KmsThrottlingException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;

/** What a failed call to Kinesis means for the caller. */
public enum Failure {
    /** The service asks for patience: normal where several readers share a shard. Try again later, for as long as it takes. */
    THROTTLED,
    /** The network or the service failed: try again, but not forever. */
    TRANSIENT,
    /** The shard iterator is older than five minutes: get a new one. */
    ITERATOR_EXPIRED,
    /** It will not work next time either: no such stream, no permission, a wrong request. */
    FATAL;

    /** Tells the kinds apart by the exception types of the Kinesis API reference, and by HTTP status for the rest. */
    public static Failure of(RuntimeException thrown) {
        if (thrown instanceof ExpiredIteratorException) {
            return ITERATOR_EXPIRED;
        }
        if (thrown instanceof ProvisionedThroughputExceededException
                || thrown instanceof LimitExceededException
                || thrown instanceof KmsThrottlingException) {
            return THROTTLED;
        }
        if (thrown instanceof AwsServiceException service) {
            if (service.isThrottlingException()) {
                return THROTTLED;
            }
            return service.statusCode() >= 500 ? TRANSIENT : FATAL;
        }
        return thrown instanceof SdkClientException ? TRANSIENT : FATAL;
    }
}
