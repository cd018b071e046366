import type { z } from 'zod';
import { applicationDetail, versionDetail, versionSummary } from '../descriptions';
import { Fault } from '../faults';
import type { listVersionsRequest, rollbackRequest, versionRequest } from '../requests';
import { latestSavepoint } from '../snapshots';
import { allVersions, previousRunningVersion } from '../versions';
import type { Context } from './context';
import { pageOf } from './page-of';
import { refuseOtherVersion } from './refuse-if-moved';

const CAN_BE_ROLLED_BACK = ['UPDATING', 'AUTOSCALING', 'RUNNING'];

export function describeVersion(context: Context, request: z.infer<typeof versionRequest>): object {
  const application = context.store.get(request.ApplicationName);
  const version = allVersions(application).find((other) => other.version === request.ApplicationVersionId);
  if (version === undefined) {
    throw new Fault(
      'ResourceNotFoundException',
      `Version not found: ${request.ApplicationVersionId} of ${application.name}`,
    );
  }
  return { ApplicationVersionDetail: versionDetail(application, version) };
}

/** The newest first. */
export function listVersions(context: Context, request: z.infer<typeof listVersionsRequest>): object {
  const application = context.store.get(request.ApplicationName);
  const { page, next } = pageOf(allVersions(application), request.Limit ?? 50, request.NextToken);
  return {
    ApplicationVersionSummaries: page.map((version) => versionSummary(application, version)),
    NextToken: next,
  };
}

/** Back to the last version that ran, with the latest snapshot's state; also what is stuck can be rolled back. */
export function rollbackApplication(context: Context, request: z.infer<typeof rollbackRequest>): object {
  const application = context.store.get(request.ApplicationName);
  const { name, status } = application;
  if (!CAN_BE_ROLLED_BACK.includes(status)) {
    throw new Fault(
      'ResourceInUseException',
      `Application ${name} is ${status}: it can be rolled back when ${CAN_BE_ROLLED_BACK.join(', ')}`,
    );
  }
  refuseOtherVersion(application, request.CurrentApplicationVersionId);
  if (previousRunningVersion(application) === undefined) {
    throw new Fault('InvalidRequestException', `Application ${name} has no earlier version that ran`);
  }
  if (latestSavepoint(application) === undefined) {
    throw new Fault('InvalidRequestException', `Application ${name} has no snapshot to roll back with`);
  }
  const operation = context.lifecycle.rollback(application);
  return { ApplicationDetail: applicationDetail(application), OperationId: operation.id };
}
