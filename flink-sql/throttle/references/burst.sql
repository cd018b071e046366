-- Question:   Which subject floods one partition key within seconds, long before the limit of the whole window?
-- Window:     sliding, ${burst_window} long, exact to the second, in event time.
-- Limit:      ${burst_limit} write units in it, of every resource. Exactly the limit is allowed. One partition gives
--             1,000 units a second, so that only what reaches over several partitions can pass 10,000 in ten seconds.
-- Action:     suspend: the alerter asks for the subject to be suspended. An excess here and one of partition-heat
--             within the same suspension are one offence.
-- Speaks:     once when a key passes the limit, then at its first write of each minute while it stays over it.
-- Late data:  does not get here (tables/on-time.sql). A record delivered twice counts once (references/units-per-second.sql).
-- State:      per resource, key and subject one row for each second of the window that holds a write, and its last
--             row for ten minutes.
--
-- Not part of the application: what `spillway test` holds detections/burst.sql to.

-- As in references/shared-key.sql, which says why: a setting holds for the whole job.
SET 'table.exec.state.ttl' = '10 min';

INSERT INTO excess
WITH
-- The heat at that second: it and what lies less than a window before it.
heat AS (
    SELECT
        window_time,
        `second`,
        resource,
        `key`,
        subject,
        SUM(units) OVER sliding AS units,
        MAX(units) OVER sliding AS peak_second_units,
        COUNT(units) OVER sliding AS active_seconds
    FROM units_per_second
    WINDOW sliding AS (
        PARTITION BY resource, `key`, subject
        ORDER BY window_time
        RANGE BETWEEN ${burst_window - 1s} PRECEDING AND CURRENT ROW
    )
),
-- The same, beside what it was at the last second before it that holds a write.
heat_and_before AS (
    SELECT
        window_time,
        `second`,
        resource,
        `key`,
        subject,
        units,
        peak_second_units,
        active_seconds,
        LAG(units) OVER by_time AS previous_units,
        LAG(`second`) OVER by_time AS previous_second
    FROM heat
    WINDOW by_time AS (
        PARTITION BY resource, `key`, subject
        ORDER BY window_time
    )
),
-- The limit comes last, so that a change of it leaves everything before it as it is.
judged AS (
    SELECT
        `second`,
        resource,
        `key`,
        subject,
        units,
        peak_second_units,
        active_seconds,
        previous_units,
        previous_second,
        ${burst_limit} AS unit_limit,
        TIMESTAMPDIFF(SECOND, window_time - ${burst_window}, window_time) AS window_seconds
    FROM heat_and_before
)
SELECT
    1 AS version,
    ${application} AS application,
    ${generation} AS generation,
    'burst' AS detection,
    'suspend' AS action,
    resource,
    `key`,
    subject,
    -- Write units inside the window.
    units,
    unit_limit AS `limit`,
    -- The most that one second of the window holds.
    peak_second_units AS `peakSecondUnits`,
    -- How many seconds of the window hold a write.
    active_seconds AS `activeSeconds`,
    `second` + 1 - window_seconds AS `windowStart`,
    -- Exclusive: the end of the second that made it an excess.
    `second` + 1 AS `windowEnd`,
    -- Only a detection that ranks the subjects of one key has these three.
    CAST(NULL AS BIGINT) AS `rank`,
    CAST(NULL AS DOUBLE) AS share,
    CAST(NULL AS BIGINT) AS `keyUnits`
FROM judged
WHERE
    units > unit_limit
    -- Before the cutover, another generation speaks.
    AND `second` + 1 >= ${cutover}
    AND (
        -- The key has just passed the limit, …
        previous_units IS NULL
        OR previous_units <= unit_limit
        -- … or what was before it has left the window, or was left to another generation to state, …
        OR previous_second <= `second` - window_seconds
        OR previous_second + 1 < ${cutover}
        -- … or it is still over the limit and a new minute has begun.
        OR previous_second - MOD(previous_second, 60) <> `second` - MOD(`second`, 60)
    );
