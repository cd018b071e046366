import { join } from 'node:path';
import { calibrations, spanOf } from '../calibration/calibration';
import { readEnvironment } from '../definition/environments';
import { calibrateJson, calibrateText } from '../report/calibrate-report';
import { awsEnvironment } from '../service/aws-environment';
import { cloudWatchMetrics } from '../service/metrics';
import { UserFault } from '../user-fault';
import { type CalibrateOptions, secondsOf } from './options';
import { EXIT_DONE, type Streams } from './streams';

/** `spillway calibrate`: how well the estimate agrees with what DynamoDB consumed. Changes nothing. */
export async function calibrate(options: CalibrateOptions, streams: Streams): Promise<number> {
  const span = spanOf(
    Date.now(),
    secondsOf('--since', options.since, 60),
    secondsOf('--lag', options.lag, 0),
  );
  const environmentsFile = options.environments ?? join(options.definitions, 'environments.json');
  const environment = readEnvironment(environmentsFile, options.env);
  const variables = awsEnvironment(environment, streams.env, options.localState);
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
