-- Question:   Which subject floods one partition key within seconds, long before the limit of the whole window?
-- Window:     sliding, ${burst_window} long, exact to the second, in event time.
-- Limit:      ${burst_limit} write units in it, of every resource. Exactly the limit is allowed. One partition gives
--             1,000 units a second, so that only what reaches over several partitions can pass 10,000 in ten seconds.
-- Action:     suspend: the alerter asks for the subject to be suspended. An excess here and one of partition-heat
--             within the same suspension are one offence.
-- Speaks:     at once when a key passes the limit, with the units known so far; then, when that second is closed, with
--             all of them; then at its first write of each minute while it stays over the limit.
-- Late data:  does not get here (tables/on-time.sql). A record delivered twice counts once.
-- State:      per resource, key and subject a few bytes for each second of the window that holds a write, and more for
--             the seconds not yet closed. It is cleared when the key was silent for a window.
--
-- references/burst.sql answers the same question in plain SQL; the cases hold this one to it.

-- The entries, each with the limit, which is the same for all resources.
CREATE VIEW entries_and_burst_limit AS
SELECT
    resource,
    `key`,
    subject,
    `source`,
    batch,
    part,
    `second`,
    units,
    CAST(${burst_limit} AS BIGINT) AS unit_limit,
    closes
FROM closing_entries;

INSERT INTO excess
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
-- One row for each second at which the heat is above unit_limit; is_closed is false for what is seen before the second
-- is closed (tables/sliding-heat.sql).
FROM SLIDING_HEAT(
    entries => TABLE entries_and_burst_limit PARTITION BY (resource, `key`, subject),
    `window` => ${burst_window},
    on_time => DESCRIPTOR(closes),
    uid => 'burst'
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
