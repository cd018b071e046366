CREATE TABLE ticks (
    k INT,
    ticked_at AS CURRENT_TIMESTAMP,
    WATERMARK FOR ticked_at AS ticked_at
) WITH (
    'connector' = 'datagen',
    'rows-per-second' = ${rate},
    'fields.k.min' = '1',
    'fields.k.max' = ${keys}
);
