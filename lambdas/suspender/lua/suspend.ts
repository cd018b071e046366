/**
 * Decides one suspension request in Redis, in one step that nothing can come between.
 *
 * Text that people wrote (the subject, the excess) arrives as JSON and is only joined, never decoded and encoded
 * again: Lua's numbers would round large units. Times are epoch milliseconds except windows, which are epoch
 * seconds of event time.
 *
 * It answers with {decision, until, offences, version}; `suspender/store.ts` names the decisions.
 */
export const suspendScript = `
local active, details, version, epoch, episode, request =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local subject, subject_json, reason_json, scope = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local now, proposed_until = tonumber(ARGV[5]), tonumber(ARGV[6])
local window_start, window_end = tonumber(ARGV[7]), tonumber(ARGV[8])
local new_epoch, changes = ARGV[9], ARGV[10]
local episode_seconds, request_seconds, most_removed = ARGV[11], ARGV[12], ARGV[13]

local function whole(number)
  return string.format('%.0f', number)
end

local known = redis.call('HMGET', episode, 'windowEnd', 'offences', 'since')
local last_window_end = tonumber(known[1])
local offences = tonumber(known[2]) or 0
local current_until = tonumber(redis.call('ZSCORE', active, subject))

local function answer(decision, ends)
  local current_version = redis.call('GET', version) or '0'
  return { decision, whole(ends or current_until or 0), whole(offences), current_version }
end

if redis.call('EXISTS', request) == 1 then
  return answer('repeated')
end

redis.call('SET', epoch, new_epoch, 'NX')

-- What has ended goes, a bounded number at a time. Guards know the ends themselves: this is no change.
local ended = redis.call('ZRANGEBYSCORE', active, '-inf', whole(now), 'LIMIT', 0, most_removed)
for _, name in ipairs(ended) do
  redis.call('ZREM', active, name)
  redis.call('HDEL', details, name)
end

-- Heat that is not newer than what was already decided upon is no reason to do anything again.
if last_window_end and window_end <= last_window_end then
  redis.call('SET', request, '1', 'EX', request_seconds)
  return answer('outdated')
end

local suspended = current_until ~= nil and current_until > now
local same_episode = last_window_end ~= nil
  and (suspended or window_end - last_window_end <= window_end - window_start)
if not same_episode then
  offences = offences + 1
end
local since = suspended and tonumber(known[3]) or now
local moves = not suspended or proposed_until > current_until
if moves then
  local suspension = '{"version":1,"subject":' .. subject_json
    .. ',"since":' .. whole(since) .. ',"until":' .. whole(proposed_until)
    .. ',"offences":' .. whole(offences) .. ',"scope":"' .. scope .. '","reason":' .. reason_json .. '}'
  redis.call('ZADD', active, whole(proposed_until), subject)
  redis.call('HSET', details, subject, suspension)
  local raised = redis.call('INCR', version)
  redis.call('PUBLISH', changes, '{"version":' .. whole(raised)
    .. ',"epoch":"' .. redis.call('GET', epoch) .. '","suspension":' .. suspension .. '}')
end

-- Remembered last: should Redis fail in between, the request is not taken for done when it comes again.
redis.call('HSET', episode, 'windowEnd', whole(window_end), 'offences', whole(offences), 'since', whole(since))
redis.call('EXPIRE', episode, episode_seconds)
redis.call('SET', request, '1', 'EX', request_seconds)

if not moves then
  return answer('covered')
end
return answer(suspended and 'extended' or 'suspended', proposed_until)
`;
