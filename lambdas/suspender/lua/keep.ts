import { opening } from './opening';

/**
 * Removes suspensions that have ended, and forgets exemptions whose end nothing depends on any more. ARGV: now, the
 * most to remove, `simulated` or nothing, an epoch millisecond before which ends of exemptions are forgotten. Answers
 * how many suspensions went.
 */
export const sweepScript = `${opening}
local now = tonumber(ARGV[1])
local ends = redis.call('HGETALL', exemptions)
for at = 1, #ends, 2 do
  if tonumber(ends[at + 1]) < tonumber(ARGV[4]) then
    redis.call('HDEL', exemptions, ends[at])
  end
end
return remove_all_ended(now, ARGV[2], ARGV[3] == 'simulated')
`;

/**
 * Puts back what \`control\` remembers of some subjects, unless the store is ready already. KEYS: active, details,
 * ready, exemptions, then one episode for each subject. ARGV: now, then nine for each subject: subject, until,
 * suspension as JSON or nothing, windowEnd, offences, since, counted, notBefore, seconds to remember; until is 0 where
 * it is not suspended. Answers 0 where the store is ready, which ends the restoring.
 */
export const restoreScript = `
if redis.call('EXISTS', KEYS[3]) == 1 then
  return 0
end
local now = tonumber(ARGV[1])
for at = 5, #KEYS do
  local first = 2 + (at - 5) * 9
  local subject, ends, suspension = ARGV[first], ARGV[first + 1], ARGV[first + 2]
  if suspension ~= '' and tonumber(ends) > now then
    redis.call('ZADD', KEYS[1], ends, subject)
    redis.call('HSET', KEYS[2], subject, suspension)
  end
  redis.call('HSET', KEYS[at], 'windowEnd', ARGV[first + 3], 'offences', ARGV[first + 4], 'since', ARGV[first + 5],
    'counted', ARGV[first + 6], 'notBefore', ARGV[first + 7])
  redis.call('EXPIRE', KEYS[at], ARGV[first + 8])
end
return 1
`;

/**
 * Ends the restoring: a new epoch tells guards that the store was reset. KEYS: ready, epoch, version, breaker,
 * exemptions, seq. ARGV: the epoch, when the breaker opened or nothing, suspensions a minute it opened at, the newest
 * event that a subject is known from; then subjects and ends of exemptions in turn. Answers 0 where another was first.
 */
export const finishRestoreScript = `
if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
if tonumber(redis.call('GET', KEYS[6]) or '0') < tonumber(ARGV[4]) then
  redis.call('SET', KEYS[6], ARGV[4])
end
for at = 5, #ARGV, 2 do
  redis.call('HSET', KEYS[5], ARGV[at], ARGV[at + 1])
end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[4], 'openedAt', ARGV[2], 'suspensionsPerMinute', ARGV[3])
end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('SET', KEYS[3], '0')
redis.call('SET', KEYS[1], '1')
return 1
`;

/**
 * Takes note of an hour's figures and answers how much of each is new. KEYS: what is noted of the hour. ARGV: seconds to
 * live, then the figures' names and numbers in turn.
 */
export const meterScript = `
local news = {}
for at = 2, #ARGV, 2 do
  local before = tonumber(redis.call('HGET', KEYS[1], ARGV[at]) or '0')
  local new = math.max(0, tonumber(ARGV[at + 1]) - before)
  if new > 0 then
    redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1])
  end
  table.insert(news, new)
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return news
`;
