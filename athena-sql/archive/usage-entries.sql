-- Question   What was used, each change once?
-- Rule       A usage record counts once however often it was delivered: (source, batch, part, second) names it, and the
--            batch's range of sequence numbers tells apart what another batch of the same beginning holds.
--            Batches that AWS read again are in ${readings}: batches of one cluster hold changes of one stretch of a
--            shard, those of one reading do not overlap. Of each second and entry the reading counts that has the most.
-- Bound      Nothing counts twice. In the second in which a first reading ended and the next one went beyond it, what only
--            the smaller of the two holds is missing.
-- Reads      Event time and hours of arrival of a span; once, and a second time only for batches that were read again.
WITH
readings (source, batch, first_sequence, last_sequence, cluster, reading) AS (${readings}),
records AS (
    SELECT source, batch, part, second, first_sequence, last_sequence, ARBITRARY(entries) AS entries
    FROM usage
    WHERE day >= ${first_day} AND day <= ${last_day}
        AND day || 'T' || hour >= ${first_hour} AND day || 'T' || hour <= ${last_hour}
        AND second >= ${from_second} AND second < ${until_second}
        AND NOT EXISTS (
            SELECT 1
            FROM readings
            WHERE readings.source = usage.source AND readings.batch = usage.batch
                AND readings.first_sequence = LPAD(usage.first_sequence, 40, '0')
                AND readings.last_sequence = LPAD(usage.last_sequence, 40, '0')
        )
    GROUP BY source, batch, part, second, first_sequence, last_sequence
),
read_again AS (
    SELECT usage.source AS source, usage.batch AS batch, part, second, cluster, reading,
        usage.last_sequence AS last_sequence, ARBITRARY(entries) AS entries
    FROM usage
    INNER JOIN readings
        ON readings.source = usage.source AND readings.batch = usage.batch
        AND readings.first_sequence = LPAD(usage.first_sequence, 40, '0')
        AND readings.last_sequence = LPAD(usage.last_sequence, 40, '0')
    WHERE day >= ${first_day} AND day <= ${last_day}
        AND day || 'T' || hour >= ${first_hour} AND day || 'T' || hour <= ${last_hour}
        AND second >= ${from_second} AND second < ${until_second}
    GROUP BY usage.source, usage.batch, part, second, cluster, reading, usage.last_sequence
),
by_reading AS (
    SELECT cluster, reading, second, entry.resource AS resource, entry.key AS key, entry.subject AS subject,
        SUM(entry.units) AS units, SUM(entry.writes) AS writes
    FROM read_again
    CROSS JOIN UNNEST(entries) AS entry (resource, key, subject, units, writes)
    GROUP BY cluster, reading, second, entry.resource, entry.key, entry.subject
)
SELECT second, entry.resource AS resource, entry.key AS key, entry.subject AS subject, entry.units AS units,
    entry.writes AS writes
FROM records
CROSS JOIN UNNEST(entries) AS entry (resource, key, subject, units, writes)
UNION ALL
SELECT second, resource, key, subject, CAST(MAX(units) AS BIGINT) AS units, CAST(MAX(writes) AS BIGINT) AS writes
FROM by_reading
GROUP BY cluster, second, resource, key, subject
