CREATE TABLE ticks (
    k INT
) WITH (
    'connector' = 'datagen',
    'rows-per-second' = ${rate},
    'fields.k.min' = '1',
    'fields.k.max' = ${keys}
);
