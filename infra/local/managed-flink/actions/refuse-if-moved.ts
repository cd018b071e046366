import { Fault } from '../faults';
import type { ApplicationRecord } from '../records';
import type { ConditionalRequest } from '../requests';

/**
 * Settings change when the application is READY or RUNNING, and only for who knows its current version or token:
 * ResourceInUseException, InvalidArgumentException or ConcurrentModificationException else.
 */
export function refuseIfMoved(application: ApplicationRecord, request: ConditionalRequest): void {
  const { CurrentApplicationVersionId: version, ConditionalToken: token } = request;
  if (version === undefined && token === undefined) {
    throw new Fault(
      'InvalidArgumentException',
      'Either CurrentApplicationVersionId or ConditionalToken must be given',
    );
  }
  refuseUnlessSettled(application);
  if (version !== undefined) refuseOtherVersion(application, version);
  if (token !== undefined && token !== application.conditionalToken) {
    throw new Fault(
      'ConcurrentModificationException',
      `Application ${application.name} changed after the conditional token was read`,
    );
  }
}

export function refuseUnlessSettled(application: ApplicationRecord): void {
  if (application.status === 'READY' || application.status === 'RUNNING') return;
  throw new Fault(
    'ResourceInUseException',
    `Application ${application.name} is ${application.status}: it can be updated when READY or RUNNING`,
  );
}

export function refuseOtherVersion(application: ApplicationRecord, version: number): void {
  if (version === application.version) return;
  throw new Fault(
    'ConcurrentModificationException',
    `Application ${application.name} has version ${application.version}, not ${version}`,
  );
}
