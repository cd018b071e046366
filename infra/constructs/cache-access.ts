/** What each user of the cache may do, as Redis's ACL rules; ElastiCache calls it an access string. */

/** The suspender and the operator function: everything with the store's own keys, nothing with the server. */
export function functionsAccess(store: string): string {
  return rules(store, [
    ...['+@read', '+@write', '+@scripting', '+@transaction', '+@connection', '-@dangerous'],
    ...['+publish', '+info', '+time', '+cluster|slots', '+cluster|info'],
  ]);
}

/** Guards: read suspensions, be told of changes, and add to the counts of refusals (docs/guard.md). */
export function guardAccess(store: string): string {
  return rules(store, [
    ...['+@connection', '+info', '+get', '+mget', '+hvals', '+multi', '+exec', '+time', '+subscribe'],
    ...['+eval', '+exists', '+hincrby', '+expire', '+set', '+cluster|slots', '+cluster|info'],
  ]);
}

function rules(store: string, commands: readonly string[]): string {
  return ['on', `~{${store}}:*`, 'resetchannels', `&{${store}}:*`, '-@all', ...commands].join(' ');
}
