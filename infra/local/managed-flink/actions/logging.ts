import type { z } from 'zod';
import { loggingOption } from '../configuration';
import { loggingDescriptions } from '../descriptions';
import { Fault } from '../faults';
import type { ApplicationRecord, Configuration } from '../records';
import type { addLoggingRequest, deleteLoggingRequest } from '../requests';
import { beginVersion } from '../versions';
import type { Context } from './context';
import { refuseIfMoved } from './refuse-if-moved';

export function addLoggingOption(context: Context, request: z.infer<typeof addLoggingRequest>): object {
  const application = context.store.get(request.ApplicationName);
  refuseIfMoved(application, request);
  if (application.configuration.loggingOptions.length > 0) {
    throw new Fault(
      'InvalidApplicationConfigurationException',
      `Application ${application.name} has a CloudWatch logging option; it can have one`,
    );
  }
  return change(context, application, 'AddApplicationCloudWatchLoggingOption', [
    loggingOption(request.CloudWatchLoggingOption.LogStreamARN),
  ]);
}

export function deleteLoggingOption(context: Context, request: z.infer<typeof deleteLoggingRequest>): object {
  const application = context.store.get(request.ApplicationName);
  refuseIfMoved(application, request);
  const { loggingOptions } = application.configuration;
  const left = loggingOptions.filter(({ id }) => id !== request.CloudWatchLoggingOptionId);
  if (left.length === loggingOptions.length) {
    throw new Fault(
      'ResourceNotFoundException',
      `CloudWatch logging option not found: ${request.CloudWatchLoggingOptionId} of ${application.name}`,
    );
  }
  return change(context, application, 'DeleteApplicationCloudWatchLoggingOption', left);
}

/** A new version with other logging options; a job that runs is left alone, as nothing here reads them. */
function change(
  context: Context,
  application: ApplicationRecord,
  operation: string,
  loggingOptions: Configuration['loggingOptions'],
): object {
  const { configuration, run, hasRun, version } = application;
  const next = { configuration: { ...configuration, loggingOptions }, run, hasRun };
  beginVersion(application, next, Date.now());
  if (application.job !== undefined) application.job.version = application.version;
  const noted = context.runner.note(application, operation, version);
  return {
    ApplicationARN: application.arn,
    ApplicationVersionId: application.version,
    CloudWatchLoggingOptionDescriptions: loggingDescriptions(application.configuration),
    OperationId: noted.id,
  };
}
