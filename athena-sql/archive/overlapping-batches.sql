-- Question   Which batches of one source hold changes that another batch holds too, because AWS read them again?
-- Rule       Batches overlap if their ranges of sequence numbers do and both hold an entry of one table key in one second.
--            Ranges of different shards overlap all the time, but the changes of one table key are in one shard; and
--            batches of one shard that were read once never overlap. Sequence numbers are compared as numbers: padded.
-- Gives      Pairs, the batch that begins first as the first one. Usually none.
-- Reads      Event time and hours of arrival of a span; twice.
WITH
shared_keys AS (
    SELECT source, second, entry.key AS key
    FROM usage
    CROSS JOIN UNNEST(entries) AS entry (resource, key, subject, units, writes)
    WHERE day >= ${first_day} AND day <= ${last_day}
        AND day || 'T' || hour >= ${first_hour} AND day || 'T' || hour <= ${last_hour}
        AND second >= ${from_second} AND second < ${until_second}
        AND entry.resource = source
        AND first_sequence IS NOT NULL
    GROUP BY source, second, entry.key
    HAVING MIN(first_sequence) <> MAX(first_sequence) OR MIN(last_sequence) <> MAX(last_sequence)
),
members AS (
    SELECT DISTINCT usage.source AS source, usage.second AS second, entry.key AS key, usage.batch AS batch,
        LPAD(first_sequence, 40, '0') AS first_sequence, LPAD(last_sequence, 40, '0') AS last_sequence
    FROM usage
    CROSS JOIN UNNEST(entries) AS entry (resource, key, subject, units, writes)
    INNER JOIN shared_keys
        ON shared_keys.source = usage.source AND shared_keys.second = usage.second AND shared_keys.key = entry.key
    WHERE day >= ${first_day} AND day <= ${last_day}
        AND day || 'T' || hour >= ${first_hour} AND day || 'T' || hour <= ${last_hour}
        AND usage.second >= ${from_second} AND usage.second < ${until_second}
        AND entry.resource = usage.source
        AND first_sequence IS NOT NULL
)
SELECT DISTINCT a.source AS source,
    a.batch AS batch, a.first_sequence AS first_sequence, a.last_sequence AS last_sequence,
    b.batch AS other_batch, b.first_sequence AS other_first_sequence, b.last_sequence AS other_last_sequence
FROM members AS a
INNER JOIN members AS b ON b.source = a.source AND b.second = a.second AND b.key = a.key
WHERE b.first_sequence <= a.last_sequence AND a.first_sequence <= b.last_sequence
    AND a.first_sequence || a.last_sequence || a.batch < b.first_sequence || b.last_sequence || b.batch
