-- Bills:      nothing by itself: the write units and writes of each subject, over all its tables and indexes.
-- Unit:       write units, whole numbers, as the estimator worked them out; no money.
-- Period:     the calendar month in UTC in which DynamoDB made the change (second, event time).
-- Rounding:   none.
-- Late data:  usage that arrives after the month has closed becomes an adjustment in the next month, row by row.
--             A record delivered twice counts once. Units without a subject stand under the empty subject.
SELECT
    subject,
    -- Write units of the month.
    CAST(SUM(units) AS BIGINT) AS units,
    -- Changes that they were for.
    CAST(SUM(writes) AS BIGINT) AS writes
FROM entries
GROUP BY subject
