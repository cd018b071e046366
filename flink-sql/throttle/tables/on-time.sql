-- Each entry of the usage records as a row of its own, and whether it came in time.
--
-- An entry is late if its second is already closed: the watermark has reached the second's last millisecond. Time
-- windows would drop it without a word, so it is told apart here. Every usable entry is in exactly one of on_time
-- and late.
--
-- The watermark asked here is that of the task that reads. Windows never run ahead of it, so they drop nothing.
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
    entry.units,
    entry.writes,
    entry.resource IS NOT NULL
        AND entry.`key` IS NOT NULL
        AND entry.subject IS NOT NULL
        AND entry.units >= 0 AS is_usable,
    CURRENT_WATERMARK(usage_record.rowtime) AS closed_until,
    COALESCE(
        CURRENT_WATERMARK(usage_record.rowtime) >= usage_record.rowtime + INTERVAL '0.999' SECOND,
        FALSE
    ) AS is_late
FROM `usage` AS usage_record
CROSS JOIN UNNEST(usage_record.entries) AS entry (resource, `key`, subject, units, writes)
WHERE usage_record.rowtime IS NOT NULL;

-- What counts.
CREATE VIEW on_time AS
SELECT
    `source`,
    batch,
    part,
    `second`,
    rowtime,
    resource,
    `key`,
    subject,
    units,
    writes
FROM entries
WHERE is_usable AND NOT is_late;
