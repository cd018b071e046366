-- Question:   Which subject writes more to one partition key within a window than the limit allows?
-- Window:     ${window} long; windows follow each other, so a burst across a border is cut in two. A sliding window
--             finds that as well, and costs more: flink-sql/throttle has one.
-- Limit:      ${limit} write units per window. Exactly the limit is allowed.
-- Action:     notify: nobody is suspended. Write suspend here and below once its cases are as you want them.
-- Speaks:     once for each window, at its end.
-- Late data:  what comes later than ${delay} is not counted. A record delivered twice counts once.
-- State:      per resource, key and subject one row for each window that is open.
INSERT INTO excess
WITH
heat AS (
    SELECT
        resource,
        `key`,
        subject,
        SUM(units) AS units,
        MAX(units) AS peak_second_units,
        COUNT(units) AS active_seconds,
        MIN(`second`) AS first_second,
        TIMESTAMPDIFF(SECOND, window_start, window_end) AS window_seconds
    FROM TABLE(TUMBLE(TABLE units_per_second, DESCRIPTOR(second_time), ${window}))
    GROUP BY window_start, window_end, resource, `key`, subject
),
-- Windows begin at whole multiples of their length.
placed AS (
    SELECT
        resource,
        `key`,
        subject,
        units,
        peak_second_units,
        active_seconds,
        first_second - MOD(first_second, window_seconds) AS window_start_second,
        window_seconds
    FROM heat
)
SELECT
    1 AS version,
    ${application} AS application,
    ${generation} AS generation,
    '__DETECTION__' AS detection,
    'notify' AS action,
    resource,
    `key`,
    subject,
    -- Write units inside the window.
    units,
    ${limit} AS `limit`,
    -- The most that one second of the window holds.
    peak_second_units AS `peakSecondUnits`,
    -- How many seconds of the window hold a write.
    active_seconds AS `activeSeconds`,
    window_start_second AS `windowStart`,
    -- Exclusive.
    window_start_second + window_seconds AS `windowEnd`
FROM placed
-- The limit comes last, so that a change of it leaves everything before it as it is.
WHERE
    units > ${limit}
    -- Before the cutover, another generation speaks.
    AND window_start_second + window_seconds >= ${cutover};
