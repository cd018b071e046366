-- Bills:      nothing: whether the archive holds what the estimator counted, by resource. A report.
-- Unit:       write units, whole numbers; the share of the difference in parts per million.
-- Period:     the calendar month in UTC in which DynamoDB made the change; the counters by the hour of their metric.
-- Rounding:   parts per million are cut, not rounded.
-- Late data:  none is adjusted: run it again after the month, and compare the runs.
--
-- The metric EstimatedWriteUnits is counted when the estimator runs, also where a batch is tried again, so it may be the
-- higher of the two; around the ends of a month it counts by the clock and the archive by the change.
WITH
archived AS (
    SELECT
        resource,
        CAST(SUM(units) AS BIGINT) AS units
    FROM entries
    GROUP BY resource
),
compared AS (
    SELECT
        COALESCE(archived.resource, counters.resource) AS resource,
        COALESCE(archived.units, 0) AS archived_units,
        COALESCE(counters.units, 0) AS counted_units
    FROM archived
    FULL JOIN counters ON counters.resource = archived.resource
)
SELECT
    resource,
    -- Write units in the archive, each record once.
    archived_units,
    -- Write units that the estimator counted.
    counted_units,
    -- What the archive has more, or less.
    archived_units - counted_units AS difference_units,
    -- NULL where nothing was counted.
    (ABS(archived_units - counted_units) * 1000000) / NULLIF(counted_units, 0) AS difference_per_million,
    CASE
        WHEN counted_units = archived_units THEN 'equal'
        WHEN counted_units > 0
            AND (ABS(archived_units - counted_units) * 1000000) / NULLIF(counted_units, 0) <= ${tolerated_per_million}
            THEN 'tolerated'
        ELSE 'differs'
    END AS finding
FROM compared
