import type { Environment } from '../../orchestrator/definition/environments';

/** An environment named `local`, changed as a test wants it. */
export function environment(changes: Partial<Environment> = {}): Environment {
  return {
    name: 'local',
    region: 'us-east-1',
    account: '000000000000',
    codeBucket: 'code',
    controlTable: 'control',
    streams: { usage: 'usage', excess: 'excess', setAside: 'set-aside' },
    file: 'environments.json',
    lineOf: () => 7,
    ...changes,
  };
}
