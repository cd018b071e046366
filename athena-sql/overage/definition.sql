-- Bills:      the write units with which a subject went over what its contract includes in a month.
-- Unit:       micro-dollars (a millionth of a US dollar), whole numbers; the price is micro-dollars a million units.
-- Period:     the calendar month in UTC in which DynamoDB made the change (second, event time).
-- Rounding:   the overage is rounded up to whole ${block} units, and each block costs ${micro_usd_per_block}.
-- Late data:  usage that arrives after the month has closed becomes an adjustment in the next month: what the subject's
--             whole month costs with it, less what was billed, so that a begun block is billed once.
WITH
usage AS (
    SELECT
        subject,
        CAST(SUM(units) AS BIGINT) AS units
    FROM entries
    GROUP BY subject
),
contracts AS (
    SELECT
        usage.subject AS subject,
        usage.units AS units,
        COALESCE(contract.included_units, ${included_by_default}) AS included_units
    FROM usage
    LEFT JOIN (${included}) AS contract (subject, included_units) ON contract.subject = usage.subject
),
beyond AS (
    SELECT
        subject,
        units,
        included_units,
        GREATEST(units - included_units, 0) AS over_units
    FROM contracts
)
SELECT
    subject,
    -- Write units of the month.
    units,
    -- Write units that the contract includes.
    included_units,
    -- Write units beyond them.
    over_units,
    ((over_units + ${block} - 1) / NULLIF(${block}, 0)) * ${micro_usd_per_block} AS micro_usd
FROM beyond
WHERE over_units > 0
