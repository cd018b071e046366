import type { Environment } from '../definition/environments';
import { durationSeconds } from '../definition/parameters';
import type { AwsEnvironment } from '../service/aws-environment';
import { type Operator, operatorOf } from '../service/operator';
import { UserFault } from '../user-fault';
import { environmentOf, guardedVariables } from './open-place';
import type { CommonOptions } from './options';
import type { Streams } from './streams';

/** Options of commands that change something. */
export interface ReasonOptions extends CommonOptions {
  reason: string;
}

export interface OperatorPlace {
  readonly operator: Operator;
  readonly environment: Environment;
  readonly variables: AwsEnvironment;
}

/** Opens the way to the operator function of the environment that the options name, and closes it after. */
export async function withOperator<T>(
  options: CommonOptions,
  streams: Streams,
  use: (place: OperatorPlace) => Promise<T>,
): Promise<T> {
  const environment = environmentOf(options);
  const { variables } = await guardedVariables(environment, options, streams);
  const operator = operatorOf(environment, variables);
  try {
    return await use({ operator, environment, variables });
  } finally {
    operator.close();
  }
}

/** Writes a result: one JSON document with its schema version, or text for people. */
export function write(
  streams: Streams,
  options: CommonOptions,
  command: string,
  result: object,
  text: string,
): void {
  const document = { schemaVersion: 1, command, environment: options.env, ...result };
  streams.stdout.write(options.json ? `${JSON.stringify(document)}\n` : text);
}

/** Seconds from `90s`, `10m`, `12h` or `30d`. */
export function lengthSeconds(option: string, text: string): number {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  const seconds = days === undefined ? durationSeconds(text) : Number(days) * 24 * 3600;
  if (seconds !== undefined && seconds >= 1) return seconds;
  throw new UserFault(`${option} is "${text}". Give seconds, minutes, hours or days, such as 10m or 30d.`);
}
