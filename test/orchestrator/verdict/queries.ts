/** The small detections that the rules are tried on: one shape of query each, with what a test changes. */

interface Asked {
  /** Makes the detection's first filter one of its own, so that Flink shares no step with another detection. */
  readonly name: string;
  readonly least?: number;
  readonly limit?: number;
  readonly by?: string;
  readonly measure?: string;
}

const own = (name: string): string => `k <> '${name}'`;

/** How far an OVER looks back. */
type Frame = { readonly seconds: number } | { readonly rows: number };

function frameOf(frame: Frame): string {
  const back =
    'rows' in frame ? `ROWS BETWEEN ${frame.rows}` : `RANGE BETWEEN INTERVAL '${frame.seconds}' SECOND`;
  return `${back} PRECEDING AND CURRENT ROW`;
}

/** An OVER and a limit. */
export function over({
  name,
  frame,
  least = 0,
  limit = 20,
  by = 'k',
  measure = 'SUM',
}: Asked & { readonly frame: Frame }): string {
  return `INSERT INTO excess
SELECT '${name}' AS detection, k, units, s
FROM (
    SELECT k, s, ${measure}(u) OVER (PARTITION BY ${by} ORDER BY rowtime ${frameOf(frame)}) AS units
    FROM numbers WHERE ${own(name)} AND u >= ${least}
)
WHERE units > ${limit};
`;
}

/** An OVER whose totals a second one remembers: an excess only where the total before was not above the limit. */
export function overAndLag({ name, frame, limit = 20 }: Asked & { readonly frame: Frame }): string {
  return `INSERT INTO excess
SELECT '${name}' AS detection, k, units, s
FROM (
    SELECT k, s, units, LAG(units) OVER (PARTITION BY k ORDER BY rowtime) AS units_before
    FROM (
        SELECT k, s, rowtime, SUM(u) OVER (PARTITION BY k ORDER BY rowtime ${frameOf(frame)}) AS units
        FROM numbers WHERE ${own(name)}
    )
)
WHERE units > ${limit} AND (units_before IS NULL OR units_before <= ${limit});
`;
}

/** A total without an end, which lives as long as its time to live. */
export function runningTotal(name: string): string {
  return `INSERT INTO excess
SELECT '${name}' AS detection, k, SUM(u) OVER (PARTITION BY k ORDER BY rowtime) AS units, s
FROM numbers WHERE ${own(name)};
`;
}

/** The first row of each key and number. */
export function firstRows(name: string): string {
  return `INSERT INTO excess
SELECT '${name}' AS detection, k, u AS units, s
FROM (
    SELECT k, u, s, ROW_NUMBER() OVER (PARTITION BY k, u ORDER BY rowtime ASC) AS place
    FROM numbers WHERE ${own(name)}
)
WHERE place = 1;
`;
}

/** Time windows: `TUMBLE` by its seconds, or the text of another. */
export function windowed({
  name,
  windows,
  least = 0,
  limit = 0,
  by = 'k',
  measure = 'SUM(u)',
}: Asked & { readonly windows: number | string }): string {
  const [kind, text] =
    typeof windows === 'number' ? ['TUMBLE', `INTERVAL '${windows}' SECOND`] : ['HOP', windows];
  return `INSERT INTO excess
SELECT '${name}' AS detection, ${by} AS k, units, CAST(EXTRACT(EPOCH FROM window_end) AS BIGINT) AS s
FROM (
    SELECT ${by}, window_end, ${measure} AS units
    FROM TABLE(${kind}(TABLE numbers, DESCRIPTOR(rowtime), ${text}))
    WHERE ${own(name)} AND u >= ${least}
    GROUP BY ${by}, window_start, window_end
)
WHERE units > ${limit};
`;
}

/** Time windows over rows that were deduplicated by time windows of a second. */
export function deduplicated(name: string): string {
  return `INSERT INTO excess
SELECT '${name}' AS detection, k, units, CAST(EXTRACT(EPOCH FROM window_end) AS BIGINT) AS s
FROM (
    SELECT k, window_end, SUM(u) AS units
    FROM TABLE(TUMBLE(TABLE once, DESCRIPTOR(window_time), INTERVAL '10' SECOND))
    GROUP BY k, window_start, window_end
);
`;
}

export const onceView = `CREATE VIEW once AS
SELECT window_start AS second_start, window_end AS second_end, window_time, k, s, MAX(u) AS u
FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(rowtime), INTERVAL '1' SECOND))
GROUP BY window_start, window_end, window_time, k, s;
`;

/** A table function with state: what the default detection is made of. */
export function slidingHeat({
  name,
  seconds,
  limit = 20,
  uid = name,
}: Asked & { readonly seconds: number; readonly uid?: string }): string {
  return `CREATE TEMPORARY FUNCTION SLIDING_HEAT AS 'spillway.functions.SlidingHeat';

CREATE VIEW with_limit AS
SELECT
    k AS resource,
    k AS \`key\`,
    k AS subject,
    k AS \`source\`,
    CAST(s AS STRING) AS batch,
    CAST(u AS INT) AS part,
    s AS \`second\`,
    u AS units,
    CAST(${limit} AS BIGINT) AS unit_limit,
    window_time AS closes
FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(rowtime), INTERVAL '1' SECOND));

INSERT INTO excess
SELECT '${name}' AS detection, subject AS k, units, \`second\` AS s
FROM SLIDING_HEAT(
    entries => TABLE with_limit PARTITION BY (resource, \`key\`, subject),
    \`window\` => INTERVAL '${seconds}' SECOND,
    on_time => DESCRIPTOR(closes),
    uid => '${uid}'
);
`;
}
