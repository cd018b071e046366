import type { z } from 'zod';
import { codeLocation, newConfiguration, updatedCodeLocation, updatedConfiguration } from '../configuration';
import { applicationDetail, applicationSummary } from '../descriptions';
import { Fault } from '../faults';
import type { ApplicationRecord } from '../records';
import type { CreateRequest, deleteRequest, describeRequest, listRequest, UpdateRequest } from '../requests';
import type { Context } from './context';
import { pageOf } from './page-of';
import { latestSavepoint, runSettings, savepointFor } from './restore';

export async function createApplication(context: Context, request: CreateRequest): Promise<object> {
  const { store, region, account } = context;
  const name = request.ApplicationName;
  const code = await context.code.read(codeLocation(request));
  if (store.has(name)) throw new Fault('ResourceInUseException', `Application already exists: ${name}`);
  const nowMs = Date.now();
  const configuration = newConfiguration(request, code);
  const application: ApplicationRecord = {
    name,
    arn: `arn:aws:kinesisanalytics:${region}:${account}:application/${name}`,
    description: request.ApplicationDescription,
    status: 'READY',
    createdMs: nowMs,
    updatedMs: nowMs,
    version: 1,
    versionCreatedMs: nowMs,
    conditionalToken: '',
    configuration,
    run: runSettings(configuration.snapshotsEnabled, undefined),
    snapshots: [],
    operations: [],
  };
  store.save(application);
  return { ApplicationDetail: applicationDetail(application) };
}

export function describeApplication(context: Context, request: z.infer<typeof describeRequest>): object {
  return { ApplicationDetail: applicationDetail(context.store.get(request.ApplicationName)) };
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
  const { store, lifecycle } = context;
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
  application.configuration = updatedConfiguration(application.configuration, request, code);
  application.run = runSettings(application.configuration.snapshotsEnabled, restore);
  application.version += 1;
  application.updatedFromVersion = versionFrom;
  application.updatedMs = application.versionCreatedMs = Date.now();
  const operation = running
    ? lifecycle.replaceJob(application, versionFrom, () =>
        application.run.restoreType === 'RESTORE_FROM_LATEST_SNAPSHOT'
          ? latestSavepoint(application)
          : savepointFor(application, application.run),
      )
    : lifecycle.noteUpdate(application, versionFrom);
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

function refuseIfMoved(application: ApplicationRecord, request: UpdateRequest): void {
  const { CurrentApplicationVersionId: version, ConditionalToken: token } = request;
  if (version === undefined && token === undefined) {
    throw new Fault(
      'InvalidArgumentException',
      'Either CurrentApplicationVersionId or ConditionalToken must be given',
    );
  }
  if (application.status !== 'READY' && application.status !== 'RUNNING') {
    throw new Fault(
      'ResourceInUseException',
      `Application ${application.name} is ${application.status}: it can be updated when READY or RUNNING`,
    );
  }
  if (version !== undefined && version !== application.version) {
    throw new Fault(
      'ConcurrentModificationException',
      `Application ${application.name} has version ${application.version}, not ${version}`,
    );
  }
  if (token !== undefined && token !== application.conditionalToken) {
    throw new Fault(
      'ConcurrentModificationException',
      `Application ${application.name} changed after the conditional token was read`,
    );
  }
}
