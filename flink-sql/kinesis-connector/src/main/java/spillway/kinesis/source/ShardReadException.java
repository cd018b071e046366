package spillway.kinesis.source;

/** A shard or its stream cannot be read, and trying again would not help. */
public final class ShardReadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ShardReadException(String message, Throwable cause) {
        super(message, cause);
    }
}
