-- Usage that cannot be used: kept on the set-aside stream with the reason, out of the way of what is behind it.
CREATE TABLE malformed (
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

-- Whole records.
INSERT INTO malformed
SELECT
    1 AS version,
    'flink' AS `setAsideBy`,
    'malformed' AS reason,
    CASE
        WHEN error IS NOT NULL THEN 'the usage record does not parse: ' || error
        WHEN version <> 1
            THEN 'the usage record has version ' || CAST(version AS STRING) || ', but this application reads version 1'
        WHEN TO_TIMESTAMP_LTZ(`second`, 0) > arrival_time + INTERVAL '1' MINUTE
            THEN 'the usage record is of a second more than a minute after its arrival: see to the sender''s clock'
        ELSE 'the usage record has null in one of version, source, batch, part, second and entries'
    END AS detail,
    COALESCE(
        payload,
        JSON_OBJECT(
            KEY 'version' VALUE version,
            KEY 'source' VALUE `source`,
            KEY 'batch' VALUE batch,
            KEY 'part' VALUE part,
            KEY 'second' VALUE `second`
        )
    ) AS record
FROM `usage`
WHERE rowtime IS NULL;

-- Single entries of records that are otherwise right.
INSERT INTO malformed
SELECT
    1 AS version,
    'flink' AS `setAsideBy`,
    'malformed' AS reason,
    'the entry has null in one of resource, key, subject and units, or units below 0' AS detail,
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
WHERE is_usable IS NOT TRUE;
