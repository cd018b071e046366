CREATE TABLE counts (
    k INT,
    n BIGINT
) WITH (
    'connector' = 'blackhole'
);
