import type { z } from 'zod';
import { codeLocation, newConfiguration, updatedCodeLocation, updatedConfiguration } from '../configuration';
import { applicationDetail, applicationSummary } from '../descriptions';
import { Fault } from '../faults';
import { type ApplicationRecord, creationMs } from '../records';
import type { CreateRequest, deleteRequest, describeRequest, listRequest, UpdateRequest } from '../requests';
import type { Context } from './context';
import { latestSavepoint } from '../snapshots';
import { beginVersion } from '../versions';
import { pageOf } from './page-of';
import { refuseIfMoved } from './refuse-if-moved';
import { runSettings, savepointFor } from './restore';
import { withTags } from './tags';

/** The service's own default depends on the Region. */
const DEFAULT_MAINTENANCE_START = '03:00';

export async function createApplication(context: Context, request: CreateRequest): Promise<object> {
  const { store, region, account } = context;
  const name = request.ApplicationName;
  const tags = withTags({}, request.Tags ?? []);
  const code = await context.code.read(codeLocation(request));
  if (store.has(name)) throw new Fault('ResourceInUseException', `Application already exists: ${name}`);
  if (store.all().length >= context.applicationLimit) {
    throw new Fault(
      'LimitExceededException',
      `There are ${context.applicationLimit} applications, the most there may be`,
    );
  }
  const nowMs = Date.now();
  const configuration = newConfiguration(request, code);
  const application: ApplicationRecord = {
    name,
    arn: `arn:aws:kinesisanalytics:${region}:${account}:application/${name}`,
    description: request.ApplicationDescription,
    status: 'READY',
    createdMs: creationMs(nowMs),
    updatedMs: nowMs,
    version: 1,
    versionCreatedMs: nowMs,
    hasRun: false,
    wasRolledBack: false,
    earlierVersions: [],
    conditionalToken: '',
    maintenanceWindowStart: DEFAULT_MAINTENANCE_START,
    tags,
    configuration,
    run: runSettings(configuration.snapshotsEnabled, undefined),
    snapshots: [],
    operations: [],
  };
  store.save(application);
  return { ApplicationDetail: applicationDetail(application) };
}

export async function describeApplication(
  context: Context,
  request: z.infer<typeof describeRequest>,
): Promise<object> {
  const application = context.store.get(request.ApplicationName);
  const wantsPlan = request.IncludeAdditionalDetails === true && application.status === 'RUNNING';
  const plan = wantsPlan ? await context.jobs.plan(application) : undefined;
  return { ApplicationDetail: applicationDetail(application, plan) };
}

export function listApplications(context: Context, request: z.infer<typeof listRequest>): object {
  const { page, next } = pageOf(context.store.all(), request.Limit ?? 50, request.NextToken);
  return { ApplicationSummaries: page.map(applicationSummary), NextToken: next };
}

/**
 * Of a READY application only the settings change, and nothing starts. A RUNNING one is stopped with a snapshot
 * (where it takes them) and its new version runs, from the snapshot unless the request says otherwise.
 */
export async function updateApplication(context: Context, request: UpdateRequest): Promise<object> {
  const { store, lifecycle, runner } = context;
  const application = store.get(request.ApplicationName);
  refuseIfMoved(application, request);
  const code = await context.code.read(updatedCodeLocation(application.configuration.code, request));
  // Another request may have come while the code was read.
  refuseIfMoved(application, request);
  const running = application.status === 'RUNNING';
  const restore = request.RunConfigurationUpdate;
  // Names a snapshot that must be there: asked for before anything changes.
  if (restore !== undefined) savepointFor(application, runSettings(true, restore));

  const versionFrom = application.version;
  const configuration = updatedConfiguration(application.configuration, request, code);
  if (configuration.parallelism.parallelism !== application.configuration.parallelism.parallelism) {
    application.scaledParallelism = undefined;
  }
  const run = runSettings(configuration.snapshotsEnabled, restore);
  beginVersion(application, { configuration, run }, Date.now());
  const operation = running
    ? lifecycle.replaceJob(application, versionFrom, () =>
        application.run.restoreType === 'RESTORE_FROM_LATEST_SNAPSHOT'
          ? latestSavepoint(application)
          : savepointFor(application, application.run),
      )
    : runner.note(application, 'UpdateApplication', versionFrom);
  return { ApplicationDetail: applicationDetail(application), OperationId: operation.id };
}

export function deleteApplication(context: Context, request: z.infer<typeof deleteRequest>): object {
  const application = context.store.get(request.ApplicationName);
  if (Math.round(request.CreateTimestamp * 1000) !== application.createdMs) {
    throw new Fault(
      'InvalidArgumentException',
      `The create timestamp is not that of application ${application.name}; DescribeApplication tells it`,
    );
  }
  if (application.status === 'DELETING') {
    throw new Fault('ResourceInUseException', `Application ${application.name} is being deleted already`);
  }
  context.lifecycle.delete(application);
  return {};
}
