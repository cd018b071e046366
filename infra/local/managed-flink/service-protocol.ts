import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from './actions/context';
import { actions, UNSUPPORTED_ACTIONS } from './actions/table';
import { Fault, messageOf } from './faults';
import { readBody } from './read-body';
import type { RequestRate } from './request-rate';
import type { Troubles } from './troubles';

const TARGET_PREFIX = 'KinesisAnalytics_20180523.';

/** The service's protocol, AWS JSON 1.1: an action in a header, a JSON document in, another one out. */
export class ServiceProtocol {
  constructor(
    private readonly context: Context,
    private readonly rate: RequestRate,
    private readonly troubles: Troubles,
  ) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.setHeader('x-amzn-requestid', randomUUID());
    try {
      const answer = await this.perform(request);
      if (answer === undefined) response.destroy();
      else response.writeHead(200).end(JSON.stringify(answer));
    } catch (thrown) {
      const fault = thrown instanceof Fault ? thrown : unforeseen(thrown);
      response.setHeader('x-amzn-errortype', fault.name);
      response
        .writeHead(fault.httpStatus)
        .end(JSON.stringify({ __type: fault.name, message: fault.message, Message: fault.message }));
    }
  }

  /** The answer, or undefined where it is to be lost on its way. */
  private async perform(request: IncomingMessage): Promise<object | undefined> {
    const target = String(request.headers['x-amz-target'] ?? '');
    const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
    const action = actions.get(name);
    const text = await readBody(request);
    if (UNSUPPORTED_ACTIONS.has(name)) {
      throw new Fault('UnsupportedOperationException', `The local endpoint does not support ${name}`);
    }
    if (action === undefined) {
      throw new Fault(
        'UnknownOperationException',
        `The local endpoint knows no action ${target || '(none)'}`,
      );
    }
    this.rate.take(name);
    const body = parseJson(text);
    const application = applicationOf(body);
    this.troubles.refuse(name, application);
    const answer = await action(this.context, body);
    return this.troubles.losesAnswer(name, application) ? undefined : answer;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch (cause) {
    throw new Fault('SerializationException', `The request is no JSON: ${messageOf(cause)}`, { cause });
  }
}

function applicationOf(body: unknown): string | undefined {
  const { ApplicationName: name } = (body ?? {}) as { ApplicationName?: unknown };
  return typeof name === 'string' ? name : undefined;
}

function unforeseen(thrown: unknown): Fault {
  return new Fault('ServiceUnavailableException', messageOf(thrown), { cause: thrown });
}
