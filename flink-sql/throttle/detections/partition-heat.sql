-- Question:   Which subject writes more to one partition key than the limit allows?
-- Window:     sliding, ${window} long, exact to the second, in event time. A burst is never cut in two by a border.
-- Limit:      write units per window: that of the resource in ${limits}, else ${limit}. Exactly the limit is allowed.
-- Action:     suspend: the alerter asks for the subject to be suspended.
-- Speaks:     at once when a key passes the limit, with the units known so far; then, when that second is closed, with
--             all of them; then at its first write of each minute while it stays over the limit.
-- Late data:  does not get here (tables/on-time.sql). A record delivered twice counts once.
-- State:      per resource, key and subject a few bytes for each second of the window that holds a write, and more for
--             the seconds not yet closed. It is cleared when the key was silent for a window.
--
-- references/partition-heat.sql answers the same question in plain SQL; the cases hold this one to it.

-- The entries, each with its resource's limit.
CREATE VIEW entries_and_limit AS
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
    'partition-heat' AS detection,
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
-- One row for each second at which the heat is above unit_limit; is_closed is false for what is seen before the second
-- is closed (tables/sliding-heat.sql).
FROM SLIDING_HEAT(
    entries => TABLE entries_and_limit PARTITION BY (resource, `key`, subject),
    `window` => ${window},
    on_time => DESCRIPTOR(closes),
    uid => 'partition-heat'
)
WHERE
    -- Before the cutover, another generation speaks.
    `second` + 1 >= ${cutover}
    AND (
        -- The key passes the limit in this moment, …
        NOT is_closed
        -- … has passed it in this second, now that all of it is known, …
        OR previous_units IS NULL
        OR previous_units <= unit_limit
        -- … or what was before it has left the window, or was left to another generation to state, …
        OR previous_second <= `second` - window_seconds
        OR previous_second + 1 < ${cutover}
        -- … or it is still over the limit and a new minute has begun.
        OR previous_second - MOD(previous_second, 60) <> `second` - MOD(`second`, 60)
    );
