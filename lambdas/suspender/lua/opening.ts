/** Events that wait for `control` while it cannot be written to; beyond that the oldest are given up. */
const mostInOutbox = 20_000;

/**
 * What the scripts about one subject begin with: the names of their keys, and what they share.
 *
 * Text that people wrote (subjects, excesses, reasons) arrives as JSON and is only joined, never decoded and encoded
 * again: Lua's numbers would round large units. Times are epoch milliseconds except windows, which are epoch seconds of
 * event time. Every script reads before it writes and remembers its request last, so that one that Redis breaks off is
 * done again.
 */
export const opening = `
local active, details, version, epoch, episode, request, exemptions, ready, breaker, recent, outbox, seq, began =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12],
  KEYS[13]

local function whole(number)
  return string.format('%.0f', number)
end

-- Appends to the log of decisions. The clock in 'seq' keeps events in order also over a reset or failover of Redis.
local function record(now, kind, id, fields)
  local last = tonumber(redis.call('GET', seq) or '0')
  local next_seq = math.max(last + 1, now * 1000)
  redis.call('SET', seq, whole(next_seq))
  redis.call('ZADD', outbox, whole(next_seq), '{"version":1,"seq":' .. whole(next_seq) .. ',"at":' .. whole(now)
    .. ',"kind":"' .. kind .. '","id":' .. cjson.encode(id) .. fields .. '}')
  local over = redis.call('ZCARD', outbox) - ${String(mostInOutbox)}
  if over > 0 then
    redis.call('ZREMRANGEBYRANK', outbox, 0, over - 1)
  end
end

-- Tells guards of a change; its JSON members follow those of the stamp.
local function publish(changes, members)
  local raised = redis.call('INCR', version)
  redis.call('PUBLISH', changes, '{"version":' .. whole(raised)
    .. ',"epoch":"' .. redis.call('GET', epoch) .. '",' .. members .. '}')
end

-- Removes a suspension whose time has come. Guards know its end themselves: this is no change for them.
local function remove_ended(now, name, ended_at, simulated)
  local suspension = redis.call('HGET', details, name)
  redis.call('ZREM', active, name)
  redis.call('HDEL', details, name)
  if suspension and not simulated then
    record(now, 'ended', 'ended:' .. name .. ':' .. whole(tonumber(ended_at)),
      ',"subject":' .. cjson.encode(name) .. ',"suspension":' .. suspension)
  end
end

-- Removes what has ended, a bounded number at a time; answers how many.
local function remove_all_ended(now, most, simulated)
  local ended = redis.call('ZRANGEBYSCORE', active, '-inf', whole(now), 'WITHSCORES', 'LIMIT', 0, most)
  for at = 1, #ended, 2 do
    remove_ended(now, ended[at], ended[at + 1], simulated)
  end
  return #ended / 2
end

-- Counts a subject once for the hour in which its suspension begins; two days are remembered.
local function count_began(now, subject)
  local hour = math.floor(now / 3600000)
  redis.call('ZADD', began, whole(hour), whole(hour) .. ':' .. subject)
  redis.call('ZREMRANGEBYSCORE', began, '-inf', whole(hour - 48))
end

local function is_ready()
  return redis.call('EXISTS', ready) == 1 and redis.call('EXISTS', epoch) == 1
end

local function read_episode()
  local known = redis.call('HMGET', episode, 'windowEnd', 'offences', 'since', 'counted', 'notBefore')
  return {
    window_end = tonumber(known[1]) or 0,
    offences = tonumber(known[2]) or 0,
    since = tonumber(known[3]) or 0,
    counted = known[4] == '1',
    not_before = tonumber(known[5]) or 0,
  }
end

local function episode_json(state)
  return '{"windowEnd":' .. whole(state.window_end) .. ',"offences":' .. whole(state.offences)
    .. ',"since":' .. whole(state.since) .. ',"counted":' .. tostring(state.counted)
    .. ',"notBefore":' .. whole(state.not_before) .. '}'
end

local function write_episode(state, seconds)
  redis.call('HSET', episode, 'windowEnd', whole(state.window_end), 'offences', whole(state.offences),
    'since', whole(state.since), 'counted', state.counted and '1' or '0', 'notBefore', whole(state.not_before))
  if redis.call('TTL', episode) < tonumber(seconds) then
    redis.call('EXPIRE', episode, whole(seconds))
  end
end
`;
