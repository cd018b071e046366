-- Counts ticks by key: a job with state and without Kinesis.
INSERT INTO counts
SELECT
    k / ${divisor} AS k,
    COUNT(*) AS n
FROM ticks
GROUP BY k / ${divisor};
