-- Bills:      nothing: the subjects that write most, and what their suspensions saved. A report.
-- Unit:       write units and requests, whole numbers.
-- Period:     the calendar month in UTC. Usage by event time; a suspension counts where it began in the month.
-- Rounding:   an estimate is rounded half up to whole units, once for each subject.
-- Late data:  none is adjusted: run it again after the month, and compare the runs.
--
-- What was refused was never written, so nobody knows what it would have cost. saved_units_estimate takes each refused
-- request for one write of the subject's average cost in this month; it is 0 where the subject wrote nothing.
-- saved_units_at_most takes each for the dearest write the subject made. Both are too high where a client tried the
-- same write again and again: then at least 0 is all that is certain. Refused requests are what guards reported.
WITH
usage AS (
    SELECT
        subject,
        CAST(SUM(units) AS BIGINT) AS units,
        CAST(SUM(writes) AS BIGINT) AS writes,
        -- Of an entry, rounded up.
        MAX((units + writes - 1) / NULLIF(writes, 0)) AS dearest_write_units
    FROM entries
    GROUP BY subject
),
refused AS (
    SELECT
        subject,
        COUNT(since_second) AS suspension_count,
        CAST(SUM(until_second - since_second) AS BIGINT) AS suspended_seconds,
        CAST(SUM(refused_requests) AS BIGINT) AS refused_requests
    FROM suspensions
    GROUP BY subject
),
subjects AS (
    SELECT
        COALESCE(usage.subject, refused.subject) AS subject,
        COALESCE(usage.units, 0) AS units,
        COALESCE(usage.writes, 0) AS writes,
        COALESCE(usage.dearest_write_units, 0) AS dearest_write_units,
        COALESCE(refused.suspension_count, 0) AS suspension_count,
        COALESCE(refused.suspended_seconds, 0) AS suspended_seconds,
        COALESCE(refused.refused_requests, 0) AS refused_requests
    FROM usage
    FULL JOIN refused ON refused.subject = usage.subject
),
ranked AS (
    SELECT
        ROW_NUMBER() OVER (ORDER BY units DESC, subject) AS place,
        subject,
        units,
        writes,
        dearest_write_units,
        suspension_count,
        suspended_seconds,
        refused_requests
    FROM subjects
)
SELECT
    -- 1 wrote most.
    place,
    subject,
    units,
    writes,
    -- Suspensions that began in the month, and how long they were in force together.
    suspension_count,
    suspended_seconds,
    refused_requests,
    COALESCE(
        (refused_requests / NULLIF(writes, 0)) * units
        + ((refused_requests % NULLIF(writes, 0)) * units * 2 + writes) / NULLIF(writes * 2, 0),
        0
    ) AS saved_units_estimate,
    refused_requests * dearest_write_units AS saved_units_at_most
FROM ranked
-- Whoever was suspended is told of, however little it wrote.
WHERE place <= ${top} OR suspension_count > 0
