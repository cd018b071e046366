-- Question:   Which subjects heat a partition key together, none of them enough to be stopped alone?
-- Window:     sliding, ${window} long, exact to the second, in event time.
-- Limit:      write units of the whole key per window: that of the resource in ${limits}, else ${limit}. A key of which
--             one subject alone passes the limit is left to partition-heat. Exactly the limit is allowed.
-- Action:     notify: people are told, and nobody is suspended for what others write.
-- Speaks:     at once when the key comes into this situation, by the units known so far; then, when that second is closed,
--             by all of them; then at its first write of each minute while it lasts: one excess for each subject that
--             holds ${share} percent of the key's heat or more, with its rank. If one subject passes the limit alone
--             before the second is closed, nothing more is said of it here.
-- Late data:  does not get here (tables/on-time.sql). A record delivered twice counts once.
-- State:      per resource and key a few bytes for each second of the window that holds a write, and for each second in
--             which a subject writes; more for the seconds not yet closed. Per key it grows with the subjects that write
--             within two windows. It is cleared when the key was silent for a window.
--
-- references/shared-key.sql answers the same question in plain SQL; the cases hold this one to it.

-- The entries, each with the limit of its resource's keys.
CREATE VIEW entries_and_key_limit AS
SELECT
    resource,
    `key`,
    subject,
    `source`,
    batch,
    part,
    `second`,
    units,
    COALESCE(${limits}[resource], ${limit}) AS unit_limit,
    closes
FROM closing_entries;

INSERT INTO excess
SELECT
    1 AS version,
    ${application} AS application,
    ${generation} AS generation,
    'shared-key' AS detection,
    'notify' AS action,
    resource,
    `key`,
    subject,
    -- Write units of this subject inside the window.
    units,
    unit_limit AS `limit`,
    -- The most that this subject wrote in one second of the window.
    peak_second_units AS `peakSecondUnits`,
    -- In how many seconds of the window this subject wrote.
    active_seconds AS `activeSeconds`,
    `second` + 1 - window_seconds AS `windowStart`,
    -- Exclusive: the end of the second in which the key came into this situation.
    `second` + 1 AS `windowEnd`,
    -- 1 for the subject with the most units; of equal ones the name decides.
    heat_rank AS `rank`,
    -- The part of the key's heat that is this subject's, from 0 to 1.
    ROUND(CAST(units AS DOUBLE) / key_units, 4) AS share,
    key_units AS `keyUnits`
-- Rows for each second at which the key is in this situation; is_closed is false for what is seen before the second is
-- closed (tables/shared-heat.sql).
FROM SHARED_HEAT(
    entries => TABLE entries_and_key_limit PARTITION BY (resource, `key`),
    `window` => ${window},
    on_time => DESCRIPTOR(closes),
    uid => 'shared-key'
)
WHERE
    units * 100 >= ${share} * key_units
    -- Before the cutover, another generation speaks.
    AND `second` + 1 >= ${cutover}
    AND (
        -- The key comes into this situation in this moment, …
        NOT is_closed
        -- … has come into it in this second, now that all of it is known, …
        OR NOT was_shared
        -- … or what was before it has left the window, or was left to another generation to state, …
        OR previous_second <= `second` - window_seconds
        OR previous_second + 1 < ${cutover}
        -- … or it is still in it and a new minute has begun.
        OR previous_second - MOD(previous_second, 60) <> `second` - MOD(`second`, 60)
    );
