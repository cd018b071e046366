package spillway.kinesis.source;

/**
 * One record as Kinesis gave it.
 *
 * @param arrivalMs epoch milliseconds, Kinesis's ApproximateArrivalTimestamp
 */
record KinesisRecord(String shardId, String sequenceNumber, long arrivalMs, byte[] data) {}
