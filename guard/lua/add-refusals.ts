/**
 * Adds counts of refusals to an hour's hash, once: a guard that got no answer sends the same counts again under
 * the same name. KEYS: the hash, the name. ARGV: seconds that the hash and the name live, then subjects and
 * counts in turn.
 */
export const addRefusalsScript = `
if redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
for at = 3, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1])
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], '1', 'EX', ARGV[2])
return 1
`;
