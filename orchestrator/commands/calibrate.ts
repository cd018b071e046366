import { calibrations, spanOf } from '../calibration/calibration';
import { calibrateJson, calibrateText } from '../report/calibrate-report';
import { cloudWatchMetrics } from '../service/metrics';
import { UserFault } from '../user-fault';
import { environmentOf, guardedVariables } from './open-place';
import { type CalibrateOptions, secondsOf } from './options';
import { EXIT_DONE, type Streams } from './streams';

/** `spillway calibrate`: how well the estimate agrees with what DynamoDB consumed. Changes nothing. */
export async function calibrate(options: CalibrateOptions, streams: Streams): Promise<number> {
  const span = spanOf(
    Date.now(),
    secondsOf('--since', options.since, 60),
    secondsOf('--lag', options.lag, 0),
  );
  const environment = environmentOf(options);
  const { variables } = await guardedVariables(environment, options, streams);
  const metrics = cloudWatchMetrics(environment.region, variables);
  try {
    const resources = await calibrations(metrics, span, options.table);
    if (resources.length === 0) {
      const what = options.table === undefined ? 'any table' : `the table ${options.table}`;
      throw new UserFault(
        `CloudWatch has no estimate of ${what} (metric EstimatedWriteUnits of the namespace Spillway): is its stream ` +
          'the estimator’s event source, and was it written to? A table that reporters report has none.',
      );
    }
    const outcome = { environment: environment.name, span, resources };
    streams.stdout.write(
      options.json ? `${JSON.stringify(calibrateJson(outcome))}\n` : calibrateText(outcome),
    );
    return EXIT_DONE;
  } finally {
    metrics.close();
  }
}
