-- What detections of heat stand on.

-- The heat of each key in a sliding window, wherever it is above a limit (flink-sql/functions): one row for each such
-- second, beside what the heat was at the key's last second before it that holds a write. is_closed is false for a row
-- that comes before its second is closed: then entries may still come, and only add to it.
CREATE TEMPORARY FUNCTION SLIDING_HEAT AS 'spillway.functions.SlidingHeat';

-- What counts, each entry with the last millisecond of its second: once the watermark is there, the second is closed.
CREATE VIEW closing_entries AS
SELECT
    resource,
    `key`,
    subject,
    `source`,
    batch,
    part,
    `second`,
    units,
    window_time AS closes
FROM TABLE(TUMBLE(TABLE on_time, DESCRIPTOR(rowtime), INTERVAL '1' SECOND));
