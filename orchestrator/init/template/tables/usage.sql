-- Usage: what each change of a DynamoDB table cost, as the estimator wrote it to the usage stream.
-- rowtime is NULL for records that cannot be used, and for those that say they are from the future.
CREATE TABLE `usage` (
    version INT,
    `source` STRING,
    batch STRING,
    part INT,
    `second` BIGINT,
    entries ARRAY<ROW<resource STRING, `key` STRING, subject STRING, units BIGINT, writes BIGINT>>,
    error STRING METADATA VIRTUAL,
    arrival_time TIMESTAMP_LTZ(3) METADATA FROM 'arrival-time' VIRTUAL,
    rowtime AS CASE
        WHEN error IS NULL
            AND version = 1
            AND TO_TIMESTAMP_LTZ(`second`, 0) <= arrival_time + INTERVAL '1' MINUTE
        THEN TO_TIMESTAMP_LTZ(`second`, 0)
    END,
    WATERMARK FOR rowtime AS rowtime - ${delay}
) WITH (
    'connector' = 'kinesis',
    'stream.arn' = ${usage_stream},
    'source.init.position' = ${start},
    -- Read where start is AT_TIMESTAMP.
    'source.init.timestamp' = ${start_at},
    'source.silence' = ${silence},
    -- All readers of a shard together may read it five times a second; this one takes two of them.
    'source.reader.empty-records-fetch-interval' = '500 ms',
    'format' = 'json'
);
