import { startKinesisFront } from './front';
import { serviceLimits, type KinesisLimits } from './limits';

/** Runs the front as a process: `main.ts PORT PORT-OF-THE-SERVER [LIMITS]`, limits as JSON over the service's own. */
const [port, upstreamPort, limits = '{}'] = process.argv.slice(2);
startKinesisFront(Number(port), Number(upstreamPort), {
  ...serviceLimits,
  ...(JSON.parse(limits) as Partial<KinesisLimits>),
}).catch((cause: unknown) => {
  process.stderr.write(`${String(cause)}\n`);
  process.exitCode = 1;
});
