CREATE TABLE counts (
    k INT,
    n BIGINT,
    generation BIGINT,
    cutover BIGINT,
    `start` STRING,
    start_at BIGINT
) WITH (
    'connector' = 'blackhole'
);
