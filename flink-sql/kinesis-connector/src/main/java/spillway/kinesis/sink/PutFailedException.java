package spillway.kinesis.sink;

/** Records cannot be written, and trying again would not help. */
public final class PutFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PutFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
