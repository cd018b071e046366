import { resolve } from 'node:path';
import { parameterValues } from '../../../orchestrator/definition/parameter-values';
import { readDefinition } from '../../../orchestrator/definition/read-definition';
import { environment } from '../environment';

const throttle = readDefinition(resolve(__dirname, '../../../flink-sql'), 'throttle');

test('the streams of the environment become ARNs', () => {
  expect(parameterValues(throttle, environment())).toMatchObject({
    usage_stream: 'arn:aws:kinesis:us-east-1:000000000000:stream/usage',
    set_aside_stream: 'arn:aws:kinesis:us-east-1:000000000000:stream/set-aside',
    window: '2m',
  });
});

test("the command line goes before the environment's value, and that before the default", () => {
  const values = environment({ parameters: { limit: 5, delay: '1s' } });
  expect(parameterValues(throttle, values, new Map([['limit', '7']]))).toMatchObject({
    limit: '7',
    delay: '1s',
    silence: '30s',
  });
});

test("an environment's unknown parameter is an error with its line", () => {
  const values = environment({ parameters: { windw: '1m' } });
  expect(() => parameterValues(throttle, values)).toThrow(
    /environments\.json:7 {2}"windw" is no parameter \(did you mean "window"\?\)/,
  );
});

test('a value out of its bounds is an error', () => {
  const values = environment({ parameters: { window: '2h' } });
  expect(() => parameterValues(throttle, values)).toThrow(/window is 2h, more than its max 1h/);
});

test('a value that no property of Managed Flink can hold is an error', () => {
  const limits = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`table-${index}`, 60_000]));
  expect(() => parameterValues(throttle, environment({ parameters: { limits } }))).toThrow(
    /limits has \d+ characters, but a property of Managed Flink holds 2048/,
  );
});

test('--set of an unknown parameter is refused with the nearest one', () => {
  expect(() => parameterValues(throttle, environment(), new Map([['limi', '1']]))).toThrow(
    /--set limi: there is no such parameter \(did you mean "limit"\?\)/,
  );
});
