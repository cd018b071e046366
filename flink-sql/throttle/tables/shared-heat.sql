-- What the detection of shared keys stands on.

-- The heat of each key and of its subjects in a sliding window, wherever the key is above a limit and none of its subjects
-- is above it alone (flink-sql/functions): for each such second one row for each of the hundred hottest subjects, beside
-- whether it was so at the key's last second before it that holds a write. is_closed is false for rows that come before
-- their second is closed: then entries may still come, and only add to it.
CREATE TEMPORARY FUNCTION SHARED_HEAT AS 'spillway.functions.SharedHeat';
