-- Bills:      each subject's write units beyond a monthly allowance, the more it writes the cheaper by tiers.
-- Unit:       micro-dollars (a millionth of a US dollar), whole numbers; prices are micro-dollars a million units.
-- Period:     the calendar month in UTC in which DynamoDB made the change (second, event time).
-- Rounding:   the units of each tier are priced by themselves, half a micro-dollar and more upwards; the parts are added.
-- Late data:  usage that arrives after the month has closed becomes an adjustment in the next month: what the subject's
--             whole month costs with it, less what was billed, so that tiers and allowance are used up once.
WITH
usage AS (
    SELECT
        subject,
        CAST(SUM(units) AS BIGINT) AS units
    FROM entries
    GROUP BY subject
),
billable AS (
    SELECT
        subject,
        units,
        GREATEST(units - ${allowance}, 0) AS billable_units
    FROM usage
),
-- Each tier with where it ends: where the next one begins.
tier_bounds AS (
    SELECT
        from_units,
        COALESCE(LEAD(from_units) OVER (ORDER BY from_units), 9223372036854775807) AS to_units,
        micro_usd_per_million
    FROM (${tiers}) AS tier (from_units, micro_usd_per_million)
),
portions AS (
    SELECT
        subject,
        units,
        billable_units,
        LEAST(billable_units, to_units) - from_units AS tier_units,
        micro_usd_per_million
    FROM billable
    JOIN tier_bounds ON billable_units > from_units OR from_units = 0
)
SELECT
    subject,
    -- Write units of the month.
    units,
    -- Of them, those beyond the allowance.
    billable_units,
    -- Whole millions first: so no product outgrows BIGINT, and only the rest is rounded.
    CAST(SUM(
        (tier_units / 1000000) * micro_usd_per_million
        + ((tier_units % 1000000) * micro_usd_per_million + 500000) / 1000000
    ) AS BIGINT) AS micro_usd
FROM portions
GROUP BY subject, units, billable_units
