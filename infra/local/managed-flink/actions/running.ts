import type { z } from 'zod';
import { Fault } from '../faults';
import type { presignedUrlRequest, startRequest, stopRequest } from '../requests';
import type { Context } from './context';
import { runSettings, savepointFor } from './restore';

const FORCE_STOPPABLE = ['STARTING', 'UPDATING', 'STOPPING', 'AUTOSCALING', 'RUNNING'];

export function startApplication(context: Context, request: z.infer<typeof startRequest>): object {
  const application = context.store.get(request.ApplicationName);
  if (application.status !== 'READY') {
    throw new Fault(
      'ResourceInUseException',
      `Application ${application.name} is ${application.status}: it can be started when READY`,
    );
  }
  const run = runSettings(application.configuration.snapshotsEnabled, request.RunConfiguration);
  const savepoint = savepointFor(application, run);
  application.run = run;
  return { OperationId: context.lifecycle.start(application, savepoint).id };
}

export function stopApplication(context: Context, request: z.infer<typeof stopRequest>): object {
  const application = context.store.get(request.ApplicationName);
  const force = request.Force ?? false;
  const { name, status } = application;
  if (force ? !FORCE_STOPPABLE.includes(status) : status !== 'RUNNING') {
    const when = force ? FORCE_STOPPABLE.join(', ') : 'RUNNING (or with Force)';
    throw new Fault(
      'ResourceInUseException',
      `Application ${name} is ${status}: it can be stopped when ${when}`,
    );
  }
  return { OperationId: context.lifecycle.stop(application, force).id };
}

/** The URL opens Flink's page and with it Flink's REST API. */
export function createPresignedUrl(context: Context, request: z.infer<typeof presignedUrlRequest>): object {
  const application = context.store.get(request.ApplicationName);
  if (application.status !== 'RUNNING') {
    throw new Fault(
      'ResourceInUseException',
      `Application ${application.name} is ${application.status}: its page is there when RUNNING`,
    );
  }
  const path = context.page.presign(application, request.SessionExpirationDurationInSeconds);
  return { AuthorizedUrl: context.endpoint + path };
}
