-- Entries that came after their second was closed: counted nowhere, kept on the set-aside stream. Many of them
-- mean that the parameter delay is too short for the way the usage takes.
CREATE TABLE late (
    version INT,
    `setAsideBy` STRING,
    reason STRING,
    detail STRING,
    record STRING
) WITH (
    'connector' = 'kinesis',
    'stream.arn' = ${set_aside_stream},
    'format' = 'json'
);

INSERT INTO late
SELECT
    1 AS version,
    'flink' AS `setAsideBy`,
    'late' AS reason,
    'the entry came '
        || CAST(TIMESTAMPDIFF(SECOND, rowtime + INTERVAL '0.999' SECOND, closed_until) AS STRING)
        || ' s after its second was closed and counts nowhere; if such entries are many, raise the parameter delay'
        AS detail,
    -- A usage record of this one entry, under the name of the record it came in.
    JSON_OBJECT(
        KEY 'version' VALUE 1,
        KEY 'source' VALUE `source`,
        KEY 'batch' VALUE batch,
        KEY 'part' VALUE part,
        KEY 'second' VALUE `second`,
        KEY 'entries' VALUE JSON_ARRAY(
            JSON_OBJECT(
                KEY 'resource' VALUE resource,
                KEY 'key' VALUE `key`,
                KEY 'subject' VALUE subject,
                KEY 'units' VALUE units,
                KEY 'writes' VALUE writes
            )
        )
    ) AS record
FROM entries
WHERE is_usable AND is_late;
