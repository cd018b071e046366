import { opening } from './opening';

/**
 * What a person asks for about one subject, each once by its request id. ARGV: subject, subject as JSON, now, request
 * id, channel, who asked as JSON, seconds to remember the request, seconds to remember the episode; then what the
 * script itself takes. Each answers with a word; `unready` and `repeated` say that nothing was done.
 */
const byHand = `${opening}
local subject, subject_json, now, request_id, changes = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local by_json, request_seconds, episode_seconds = ARGV[6], ARGV[7], ARGV[8]

if redis.call('EXISTS', request) == 1 then
  return 'repeated'
end
if not is_ready() then
  return 'unready'
end

local state = read_episode()
local current_until = tonumber(redis.call('ZSCORE', active, subject))
if current_until and current_until <= now then
  remove_ended(now, subject, current_until, false)
  current_until = nil
end

local function done(word)
  redis.call('SET', request, '1', 'EX', request_seconds)
  return word
end

-- Ends the subject's suspension; nothing from before counts any more.
local function lift()
  local suspension = redis.call('HGET', details, subject)
  redis.call('ZREM', active, subject)
  redis.call('HDEL', details, subject)
  state.not_before = now
  write_episode(state, episode_seconds)
  publish(changes, '"lifted":' .. subject_json)
  record(now, 'lifted', 'lifted:' .. request_id, ',"subject":' .. subject_json
    .. (suspension and ',"suspension":' .. suspension or '') .. ',"by":' .. by_json
    .. ',"episode":' .. episode_json(state))
end
`;

export const liftScript = `${byHand}
if not current_until then
  return 'not-suspended'
end
lift()
return done('lifted')
`;

/** ARGV[9] until, ARGV[10] scope, ARGV[11] the reason, an excess as JSON. A person is not held by the breaker. */
export const addScript = `${byHand}
local proposed_until, scope, reason_json = tonumber(ARGV[9]), ARGV[10], ARGV[11]
if (tonumber(redis.call('HGET', exemptions, subject)) or 0) > now then
  return 'exempt'
end
if not current_until then
  state.since = now
end
-- What it does meanwhile is a new offence.
state.counted = false
write_episode(state, episode_seconds)
local suspension = '{"version":1,"subject":' .. subject_json
  .. ',"since":' .. whole(state.since) .. ',"until":' .. whole(proposed_until)
  .. ',"offences":' .. whole(math.max(1, state.offences)) .. ',"scope":"' .. scope .. '","reason":' .. reason_json .. '}'
redis.call('ZADD', active, whole(proposed_until), subject)
redis.call('HSET', details, subject, suspension)
publish(changes, '"suspension":' .. suspension)
if not current_until then
  count_began(now, subject)
end
record(now, 'added', 'added:' .. request_id, ',"subject":' .. subject_json .. ',"suspension":' .. suspension
  .. ',"by":' .. by_json .. ',"episode":' .. episode_json(state))
return done('added')
`;

/** ARGV[9] until. Ends a suspension in force. */
export const exemptScript = `${byHand}
local exempt_until = ARGV[9]
redis.call('HSET', exemptions, subject, exempt_until)
local answer = 'exempted'
if current_until then
  lift()
  answer = 'exempted-and-lifted'
end
record(now, 'exempted', 'exempted:' .. request_id, ',"subject":' .. subject_json .. ',"until":' .. exempt_until
  .. ',"by":' .. by_json)
return done(answer)
`;

/** The exemption ends now; its end is kept, because nothing from before it counts. */
export const unexemptScript = `${byHand}
local exempt_until = tonumber(redis.call('HGET', exemptions, subject)) or 0
if exempt_until <= now then
  return 'not-exempt'
end
redis.call('HSET', exemptions, subject, whole(now))
record(now, 'unexempted', 'unexempted:' .. request_id, ',"subject":' .. subject_json .. ',"until":' .. whole(now)
  .. ',"by":' .. by_json)
return done('unexempted')
`;

/** About no subject: the breaker closes and counts from nothing. */
export const resetBreakerScript = `${byHand}
if redis.call('DEL', breaker) == 0 then
  return 'not-open'
end
redis.call('DEL', recent)
record(now, 'breaker-reset', 'breaker-reset:' .. request_id, ',"by":' .. by_json)
return done('reset')
`;

/** About no subject: writes down that a policy was applied, which lies in \`control\`. */
export const recordPolicyScript = `${byHand}
record(now, 'policy-applied', 'policy-applied:' .. request_id, ',"by":' .. by_json)
return done('recorded')
`;
