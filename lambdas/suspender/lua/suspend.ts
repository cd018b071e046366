import { opening } from './opening';

/**
 * Decides one suspension request in Redis, in one step that nothing can come between.
 *
 * It answers with {decision, until, offences, version}; `suspender/store.ts` names the decisions. `unready` says that
 * the copy of what `control` holds is missing, and that nothing was done.
 *
 * A simulated decision is the same on other keys, with an empty channel: no guard is told and no breaker counts it.
 */
export const suspendScript = `${opening}
local subject, subject_json, reason_json, scope = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local now, request_id, changes = tonumber(ARGV[5]), ARGV[6], ARGV[7]
local window_start, window_end = tonumber(ARGV[8]), tonumber(ARGV[9])
local request_seconds, most_removed, most_per_minute = ARGV[10], ARGV[11], tonumber(ARGV[12])
local decay_seconds, least_memory_seconds, most_memory_seconds =
  tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
local before_lengths = 15
local simulated = changes == ''
local simulated_json = simulated and ',"simulated":true' or ''

local state = read_episode()
local current_until = tonumber(redis.call('ZSCORE', active, subject))

local function answer(decision, ends)
  return { decision, whole(ends or current_until or 0), whole(state.offences), redis.call('GET', version) or '0' }
end

if redis.call('EXISTS', request) == 1 then
  return answer('repeated')
end
if not is_ready() then
  return answer('unready')
end

if current_until and current_until <= now then
  remove_ended(now, subject, current_until, simulated)
  current_until = nil
end
remove_all_ended(now, most_removed, simulated)

-- Heat that is not newer than what was already decided upon is no reason to do anything again.
if state.window_end > 0 and window_end <= state.window_end then
  redis.call('SET', request, '1', 'EX', request_seconds)
  return answer('outdated')
end

local suspended = current_until ~= nil
local same_episode = state.window_end > 0
  and (suspended or window_end - state.window_end <= window_end - window_start)
if not same_episode then
  local quiet_seconds = math.max(0, window_end - state.window_end)
  state.offences = math.max(0, state.offences - math.floor(quiet_seconds / decay_seconds))
  state.counted = false
end
state.window_end = window_end

local function remember()
  local memory_seconds = math.max(least_memory_seconds, decay_seconds * (state.offences + 1))
  write_episode(state, math.min(memory_seconds, most_memory_seconds))
  redis.call('SET', request, '1', 'EX', request_seconds)
end

-- Writes down an excess that changes nothing for guards, and why.
local function pass(decision)
  local in_force = suspended and redis.call('HGET', details, subject)
  record(now, decision, request_id, ',"subject":' .. subject_json .. simulated_json
    .. (in_force and ',"suspension":' .. in_force or '') .. ',"excess":' .. reason_json .. ',"episode":' .. episode_json(state))
  remember()
  return answer(decision)
end

local exempt_until = tonumber(redis.call('HGET', exemptions, subject)) or 0
if exempt_until > now then
  return pass('exempt')
end
-- Heat from before a lift, or from while the subject was exempt, must not suspend it.
if window_start * 1000 < math.max(state.not_before, exempt_until) then
  return pass('before-lift')
end

if not simulated then
  if redis.call('EXISTS', breaker) == 1 then
    return pass('held')
  end
  if not suspended then
    redis.call('ZREMRANGEBYSCORE', recent, '-inf', whole(now - 60000))
    if most_per_minute > 0 and redis.call('ZCARD', recent) >= most_per_minute then
      redis.call('HSET', breaker, 'openedAt', whole(now), 'suspensionsPerMinute', whole(most_per_minute))
      record(now, 'breaker-opened', 'breaker-opened:' .. whole(now),
        ',"suspensionsPerMinute":' .. whole(most_per_minute) .. ',"excess":' .. reason_json)
      return pass('held')
    end
    redis.call('ZADD', recent, whole(now), request_id)
    redis.call('EXPIRE', recent, 120)
  end
end

if not state.counted then
  state.offences = state.offences + 1
  state.counted = true
end
local length = tonumber(ARGV[before_lengths + math.min(state.offences, #ARGV - before_lengths)])
local proposed_until = now + length
local moves = not suspended or proposed_until > current_until
if not suspended then
  state.since = now
end
local decision = not suspended and 'suspended' or moves and 'extended' or 'covered'
local suspension
if moves then
  suspension = '{"version":1,"subject":' .. subject_json
    .. ',"since":' .. whole(state.since) .. ',"until":' .. whole(proposed_until)
    .. ',"offences":' .. whole(state.offences) .. ',"scope":"' .. scope .. '","reason":' .. reason_json .. '}'
  redis.call('ZADD', active, whole(proposed_until), subject)
  redis.call('HSET', details, subject, suspension)
  if not simulated then
    publish(changes, '"suspension":' .. suspension)
  end
  if not suspended then
    count_began(now, subject)
  end
else
  suspension = redis.call('HGET', details, subject)
end
record(now, decision, request_id, ',"subject":' .. subject_json .. simulated_json
  .. (suspension and ',"suspension":' .. suspension or '') .. ',"episode":' .. episode_json(state))
remember()
return answer(decision, moves and proposed_until or current_until)
`;
