package spillway.kinesis.sink;

import java.io.Serializable;
import java.time.Duration;

/**
 * The sink's batching and its bounds.
 *
 * @param batchSize records per call at most, 500 at most
 * @param batchBytes per call at most
 * @param flushTimeout for which a record may wait for others
 * @param callsAtOnce under way; while they are, the next batch gathers
 * @param mostBuffered records that wait; beyond them, back-pressure
 * @param failOnError whether a refused record fails the job instead of being tried again
 * @param readTimeout for which the answer to a call is waited
 */
public record SinkSettings(
        int batchSize,
        long batchBytes,
        Duration flushTimeout,
        int callsAtOnce,
        int mostBuffered,
        boolean failOnError,
        Duration readTimeout)
        implements Serializable {}
