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
    `windowEnd` BIGINT,
    `rank` BIGINT,
    share DOUBLE,
    `keyUnits` BIGINT
) WITH (
    'connector' = 'kinesis',
    'stream.arn' = ${excess_stream},
    'format' = 'json',
    -- A detection that has no value for a field leaves it out: the contract knows absent fields, and no null.
    'json.encode.ignore-null-fields' = 'true'
);
