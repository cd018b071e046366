-- What the references read: how many units each second holds. They all read these views, and Flink works them out once
-- for all of them.

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
FROM TABLE(TUMBLE(TABLE on_time, DESCRIPTOR(rowtime), INTERVAL '1' SECOND))
GROUP BY
    window_start, window_end, window_time, `source`, batch, part, `second`, resource, `key`, subject;

-- One row per second that holds a write of this subject to this key. window_time is the last moment of that second.
CREATE VIEW units_per_second AS
SELECT
    window_start,
    window_end,
    window_time,
    `second`,
    resource,
    `key`,
    subject,
    SUM(units) AS units
FROM units_per_record
GROUP BY window_start, window_end, window_time, `second`, resource, `key`, subject;
