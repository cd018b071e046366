import { didYouMean } from '../definition/did-you-mean';
import { durationSeconds, type ParameterDeclaration } from '../definition/parameters';
import { UserFault } from '../user-fault';

/** One parameter through several values, in the order in which they are shown. */
export interface Sweep {
  readonly parameter: string;
  readonly values: readonly string[];
}

/** Each value is a job of its own. */
export const mostValues = 25;

/** Values where no step is given. */
const usualSteps = 8;

/**
 * Reads `limit=20000..60000:5000` or `window=30s..5m:30s`; without a step nine values, the ends among them. The last value
 * is the end itself. Throws a UserFault where it is none, or asks for too many.
 */
export function sweepOf(text: string, declarations: Readonly<Record<string, ParameterDeclaration>>): Sweep {
  const match = /^([^=]+)=([^.:]+)\.\.([^.:]+)(?::([^.:]+))?$/.exec(text);
  const refuse = (why: string): never => {
    throw new UserFault(
      `--sweep ${text}: ${why}. Write it as limit=20000..60000:5000 (from, to and step; the step may be left out)`,
    );
  };
  if (match === null) return refuse('it is no range');
  const [, parameter = '', from = '', to = '', step] = match;
  const declaration = declarations[parameter];
  if (declaration === undefined) {
    const names = Object.keys(declarations);
    return refuse(`there is no parameter "${parameter}"${didYouMean(parameter, names)}`);
  }
  if (declaration.type !== 'integer' && declaration.type !== 'duration') {
    return refuse(`${parameter} is a ${declaration.type}, and only integers and durations have a range`);
  }
  const isDuration = declaration.type === 'duration';
  const measure = (one: string): number =>
    (isDuration ? durationSeconds(one) : /^\d+$/.test(one) ? Number(one) : undefined) ??
    refuse(`"${one}" is no ${declaration.type}`);
  const [first, last] = [measure(from), measure(to)];
  if (first >= last) return refuse('it must rise');
  const stride = step === undefined ? Math.max(1, Math.ceil((last - first) / usualSteps)) : measure(step);
  if (stride < 1) return refuse('the step must be at least 1');
  const count = Math.ceil((last - first) / stride) + 1;
  if (count > mostValues) {
    return refuse(
      `it has ${count} values, and each is a job of its own: ${mostValues} at most, so take a larger step`,
    );
  }
  const values = Array.from({ length: count }, (_, at) => Math.min(first + at * stride, last));
  return { parameter, values: values.map((value) => (isDuration ? `${value}s` : String(value))) };
}
