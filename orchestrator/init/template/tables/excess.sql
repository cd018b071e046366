-- Excesses, for the alerter. The columns are the JSON fields of an excess, by name.
CREATE TABLE excess (
    version INT,
    application STRING,
    generation BIGINT,
    detection STRING,
    -- What follows from it: suspend, or notify for a subject that is only to be told.
    action STRING,
    resource STRING,
    `key` STRING,
    subject STRING,
    units BIGINT,
    `limit` BIGINT,
    `peakSecondUnits` BIGINT,
    `activeSeconds` BIGINT,
    `windowStart` BIGINT,
    `windowEnd` BIGINT
) WITH (
    'connector' = 'kinesis',
    'stream.arn' = ${excess_stream},
    'format' = 'json'
);
