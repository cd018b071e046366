-- Question:   Which subjects heat a partition key together, none of them enough to be stopped alone?
-- Window:     sliding, ${window} long, exact to the second, in event time.
-- Limit:      write units of the whole key per window: that of the resource in ${limits}, else ${limit}. A key of which
--             one subject alone passes the limit is left to partition-heat. Exactly the limit is allowed.
-- Action:     notify: people are told, and nobody is suspended for what others write.
-- Speaks:     when the key comes into this situation, then at its first write of each minute while it lasts: one excess
--             for each subject that holds ${share} percent of the key's heat or more, with its rank.
-- Late data:  does not get here (tables/on-time.sql). A record delivered twice counts once (references/units-per-second.sql).
-- State:      per resource and key one row for each second of the window that holds a write, in it and beside it the
--             units of each subject in that second; and its last row for ten minutes. Per key it grows with the
--             subjects that write within a window, overall with the keys written lately.
--
-- Not part of the application: what `spillway test` holds detections/shared-key.sql to.

-- The last row of a key (previous_… below) is the only state that no window clears, so it gets a time to live, by
-- the wall clock. It is needed for a minute: a key that is over the limit speaks again in a new minute, whatever it
-- was before. Ten minutes leave room for restarts and slow shards. A setting holds for the whole job; the functions of
-- the detections keep their state out of it.
SET 'table.exec.state.ttl' = '10 min';

-- Adds up what subjects wrote over the seconds of a frame, the largest first, a hundred of them at most: that many can
-- hold one percent each.
CREATE FUNCTION subjects_by_heat AS 'spillway.ranking.SubjectsByHeat';

INSERT INTO excess
WITH
-- One row per second that holds a write to this key, with what each subject wrote in it.
key_seconds AS (
    SELECT
        window_time,
        `second`,
        resource,
        `key`,
        SUM(units) AS units,
        ARRAY_AGG(CAST(ROW(subject, units) AS ROW<subject STRING, units BIGINT>)) AS subjects
    FROM units_per_second
    GROUP BY window_start, window_end, window_time, `second`, resource, `key`
),
-- The key's heat at that second, and the heat of each of its subjects.
key_heat AS (
    SELECT
        window_time,
        `second`,
        resource,
        `key`,
        SUM(units) OVER sliding AS key_units,
        SUBJECTS_BY_HEAT(subjects) OVER sliding AS subjects
    FROM key_seconds
    WINDOW sliding AS (
        PARTITION BY resource, `key`
        ORDER BY window_time
        RANGE BETWEEN ${window - 1s} PRECEDING AND CURRENT ROW
    )
),
-- The same, beside what it was at the last second before it that holds a write.
key_heat_and_before AS (
    SELECT
        window_time,
        `second`,
        resource,
        `key`,
        key_units,
        subjects,
        LAG(key_units) OVER by_time AS previous_key_units,
        LAG(subjects[1].units) OVER by_time AS previous_largest,
        LAG(`second`) OVER by_time AS previous_second
    FROM key_heat
    WINDOW by_time AS (
        PARTITION BY resource, `key`
        ORDER BY window_time
    )
),
-- The limit comes last, so that a change of it leaves everything before it as it is.
judged AS (
    SELECT
        `second`,
        resource,
        `key`,
        key_units,
        subjects,
        previous_key_units,
        previous_largest,
        previous_second,
        COALESCE(${limits}[resource], ${limit}) AS unit_limit,
        TIMESTAMPDIFF(SECOND, window_time - ${window}, window_time) AS window_seconds
    FROM key_heat_and_before
)
SELECT
    1 AS version,
    ${application} AS application,
    ${generation} AS generation,
    'shared-key' AS detection,
    'notify' AS action,
    judged.resource,
    judged.`key`,
    named.subject,
    -- Write units of this subject inside the window.
    named.units,
    judged.unit_limit AS `limit`,
    -- The most that this subject wrote in one second of the window.
    named.peak_second_units AS `peakSecondUnits`,
    -- In how many seconds of the window this subject wrote.
    named.active_seconds AS `activeSeconds`,
    judged.`second` + 1 - judged.window_seconds AS `windowStart`,
    -- Exclusive: the end of the second in which the key came into this situation.
    judged.`second` + 1 AS `windowEnd`,
    -- 1 for the subject with the most units; of equal ones the name decides.
    named.heat_rank AS `rank`,
    -- The part of the key's heat that is this subject's, from 0 to 1.
    ROUND(CAST(named.units AS DOUBLE) / judged.key_units, 4) AS share,
    judged.key_units AS `keyUnits`
FROM judged
CROSS JOIN UNNEST(judged.subjects) AS named (subject, units, peak_second_units, active_seconds, heat_rank)
WHERE
    judged.key_units > judged.unit_limit
    AND judged.subjects[1].units <= judged.unit_limit
    AND named.units * 100 >= ${share} * judged.key_units
    -- Before the cutover, another generation speaks.
    AND judged.`second` + 1 >= ${cutover}
    AND (
        -- The key has just come into this situation, …
        judged.previous_key_units IS NULL
        OR judged.previous_key_units <= judged.unit_limit
        OR judged.previous_largest > judged.unit_limit
        -- … or what was before it has left the window, or was left to another generation to state, …
        OR judged.previous_second <= judged.`second` - judged.window_seconds
        OR judged.previous_second + 1 < ${cutover}
        -- … or it is still in it and a new minute has begun.
        OR judged.previous_second - MOD(judged.previous_second, 60) <> judged.`second` - MOD(judged.`second`, 60)
    );
