package spillway.kinesis.sink;

import java.io.Serializable;
import java.time.Duration;

/**
 * The sink's batching.
 *
 * @param batchSize records per call at most, 500 at most
 * @param flushTimeout for which a record may wait for others
 */
public record SinkSettings(int batchSize, Duration flushTimeout) implements Serializable {}
