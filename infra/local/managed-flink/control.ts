import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ApplicationStore } from './application-store';
import { messageOf } from './faults';
import type { Lifecycle } from './lifecycle';
import { readBody } from './read-body';
import { troubleRequest, type Troubles } from './troubles';

const PREFIX = '/local/';
const maintenance = z.strictObject({ application: z.string() });
const autoScaling = maintenance.extend({ parallelism: z.number().int().min(1) });

/** What the service does by itself or suffers, and a test wants to happen now. No AWS client can ask for it. */
export class Control {
  constructor(
    readonly troubles: Troubles,
    private readonly store: ApplicationStore,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Begins maintenance of a READY or RUNNING application; answers the operation's id. */
  maintain(name: string): string {
    const application = this.store.get(name);
    if (application.status !== 'READY' && application.status !== 'RUNNING') {
      throw new Error(
        `application ${name} is ${application.status}: maintenance begins when READY or RUNNING`,
      );
    }
    return this.lifecycle.maintain(application).id;
  }

  /** Scales a RUNNING application; answers the operation's id. */
  autoScale(name: string, parallelism: number): string {
    const application = this.store.get(name);
    if (application.status !== 'RUNNING') {
      throw new Error(`application ${name} is ${application.status}: it is scaled when RUNNING`);
    }
    return this.lifecycle.autoScale(application, parallelism).id;
  }

  /** Whether a request is for the control and not for the service. */
  static isAskedFor(request: IncomingMessage): boolean {
    return request.url?.startsWith(PREFIX) ?? false;
  }

  /** GET, POST and DELETE /local/troubles; POST /local/maintenance and /local/autoscaling. All JSON. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-type', 'application/json');
    try {
      const text = await readBody(request);
      const body: unknown = text === '' ? {} : JSON.parse(text);
      const answer = this.perform(`${request.method} ${request.url}`, body);
      response.writeHead(200).end(JSON.stringify(answer));
    } catch (thrown) {
      response.writeHead(400).end(JSON.stringify({ message: messageOf(thrown) }));
    }
  }

  private perform(what: string, body: unknown): object {
    switch (what) {
      case 'GET /local/troubles':
        return { troubles: this.troubles.left() };
      case 'POST /local/troubles':
        this.troubles.add(troubleRequest.parse(body));
        return {};
      case 'DELETE /local/troubles':
        this.troubles.clear();
        return {};
      case 'POST /local/maintenance':
        return { operationId: this.maintain(maintenance.parse(body).application) };
      case 'POST /local/autoscaling': {
        const { application, parallelism } = autoScaling.parse(body);
        return { operationId: this.autoScale(application, parallelism) };
      }
      default:
        throw new Error(`${what} is nothing the local endpoint knows`);
    }
  }
}
