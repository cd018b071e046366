-- Usage: what each change of a DynamoDB table cost, as the estimator wrote it to the usage stream.
-- One row is one usage record: the entries of one batch and one second.
--
-- rowtime is the record's place in time. It is NULL exactly for the records that cannot be used (they go to
-- malformed). A record that says it is from the future is one of them: it would move time on past everything that
-- is still to come. One minute is left for clocks that differ.
--
-- The watermark is the time up to which the stream is taken to be complete. It follows the newest second of each
-- Kinesis shard at a distance of ${delay}, and the slowest shard counts. A second is closed, and judged, once the
-- watermark has passed its end.
CREATE TABLE `usage` (
    version INT,
    `source` STRING,
    batch STRING,
    part INT,
    `second` BIGINT,
    entries ARRAY<ROW<resource STRING, `key` STRING, subject STRING, units BIGINT, writes BIGINT>>,
    -- Why the record does not parse, and its text; both are NULL if it does.
    error STRING METADATA VIRTUAL,
    payload STRING METADATA VIRTUAL,
    arrival_time TIMESTAMP_LTZ(3) METADATA FROM 'arrival-time' VIRTUAL,
    rowtime AS CASE
        WHEN error IS NULL
            AND version = 1
            AND `source` IS NOT NULL
            AND batch IS NOT NULL
            AND part IS NOT NULL
            AND entries IS NOT NULL
            AND TO_TIMESTAMP_LTZ(`second`, 0) <= arrival_time + INTERVAL '1' MINUTE
        THEN TO_TIMESTAMP_LTZ(`second`, 0)
    END,
    WATERMARK FOR rowtime AS rowtime - ${delay}
) WITH (
    'connector' = 'kinesis',
    'stream.arn' = ${usage_stream},
    'source.init.position' = ${start},
    -- Of use to AT_TIMESTAMP alone.
    'source.init.timestamp' = ${start_at},
    'source.silence' = ${silence},
    -- All readers of a shard together may read it five times a second; this one takes two of them.
    'source.reader.empty-records-fetch-interval' = '500 ms',
    'format' = 'json',
    'json.fail-on-missing-field' = 'true'
);
