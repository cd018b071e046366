-- Counts ticks by key: a job with state and without Kinesis.
INSERT INTO counts
SELECT
    k / ${divisor} AS k,
    COUNT(*) AS n,
    ${generation} AS generation,
    ${cutover} AS cutover,
    ${start} AS `start`,
    ${start_at} AS start_at
FROM ticks
GROUP BY k / ${divisor};
