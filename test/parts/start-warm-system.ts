import { startLocalSystem } from '../../infra/local/system';
import { TEST_RUN_VARIABLE, keepSystem } from './running-system';
import { WARM_SYSTEM_VARIABLE, type WarmSystem } from './warm-system';

/** jest's global set-up: starts one local system for all test files, unless SPILLWAY_NO_SYSTEM=1. */
async function startWarmSystem(): Promise<void> {
  // The SDK's notice about coming Node versions would bury what the tests say.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  process.env[TEST_RUN_VARIABLE] = String(process.pid);
  if (process.env['SPILLWAY_NO_SYSTEM'] === '1') return;
  const system = await startLocalSystem({ log: (line) => process.stderr.write(`system: ${line}\n`) });
  keepSystem(system);
  const { environment, redisUrl, flinkRestUrl, runFolder } = system;
  if (flinkRestUrl === undefined) throw new Error('the local system came up without Flink');
  const processIds = system.processIds();
  const seen: WarmSystem = { environment, redisUrl, flinkRestUrl, runFolder, processIds };
  process.env[WARM_SYSTEM_VARIABLE] = JSON.stringify(seen);
}

export = startWarmSystem;
