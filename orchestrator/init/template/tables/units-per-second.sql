-- What the detection reads: how many units each second holds, by resource, key and subject.

-- Each entry of the usage records as a row of its own.
CREATE VIEW entries AS
SELECT
    usage_record.`source`,
    usage_record.batch,
    usage_record.part,
    usage_record.`second`,
    usage_record.rowtime,
    entry.resource,
    entry.`key`,
    entry.subject,
    entry.units
FROM `usage` AS usage_record
CROSS JOIN UNNEST(usage_record.entries) AS entry (resource, `key`, subject, units, writes)
WHERE usage_record.rowtime IS NOT NULL;

-- A usage record that is delivered again carries the same units again: the largest is taken, not the sum.
CREATE VIEW units_per_record AS
SELECT
    window_start,
    window_end,
    window_time,
    `source`,
    batch,
    part,
    `second`,
    resource,
    `key`,
    subject,
    MAX(units) AS units
FROM TABLE(TUMBLE(TABLE entries, DESCRIPTOR(rowtime), INTERVAL '1' SECOND))
GROUP BY
    window_start, window_end, window_time, `source`, batch, part, `second`, resource, `key`, subject;

CREATE VIEW units_per_second AS
SELECT
    window_time AS second_time,
    `second`,
    resource,
    `key`,
    subject,
    SUM(units) AS units
FROM units_per_record
GROUP BY window_start, window_end, window_time, `second`, resource, `key`, subject;
