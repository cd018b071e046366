import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Handler } from '../../../../infra/local/event-sources/invoke';
import { functionName, type LocalLambda, startLambda } from '../../../../infra/local/lambda/server';
import type { LogLine } from '../../../../lambdas/delivery/log';
import { eventually } from '../../../parts/eventually';

let lambda: LocalLambda;
let client: LambdaClient;
let seen: unknown[];
let lines: LogLine[];
const functions = new Map<string, Handler<unknown>>();

beforeEach(async () => {
  seen = [];
  lines = [];
  functions.clear();
  functions.set('echo', async (event) => {
    seen.push(event);
    return { got: event };
  });
  functions.set('failing', async () => {
    throw new TypeError('cannot');
  });
  lambda = await startLambda({ functions, log: (line) => lines.push(line), timeoutSeconds: 0.05 });
  client = new LambdaClient({
    region: 'us-east-1',
    endpoint: lambda.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await lambda.stop();
});

const invoke = (FunctionName: string, Payload = '{"a":1}', more: object = {}): InvokeCommand =>
  new InvokeCommand({ FunctionName, Payload: Buffer.from(Payload), ...more });

test('an invocation answers with what the function answers, as JSON', async () => {
  const answer = await client.send(invoke('echo'));
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(answer.FunctionError).toBeUndefined();
  expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toEqual({ got: { a: 1 } });
});

test('an invocation without a payload has an empty event, and an answer of nothing is null', async () => {
  functions.set('silent', async (event) => void seen.push(event));
  const answer = await client.send(new InvokeCommand({ FunctionName: 'silent' }));
  expect(Buffer.from(answer.Payload ?? []).toString()).toBe('null');
  expect(seen).toEqual([{}]);
});

test("an error of the function is an answer with the function's error", async () => {
  const answer = await client.send(invoke('failing'));
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  const payload: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
  expect(payload).toMatchObject({ errorType: 'TypeError', errorMessage: 'cannot' });
});

test('a function that takes longer than it may has failed', async () => {
  functions.set('slow', () => new Promise(() => undefined));
  const answer = await client.send(invoke('slow'));
  expect(answer.FunctionError).toBe('Unhandled');
  expect(Buffer.from(answer.Payload ?? []).toString()).toContain('Task timed out after 0.05 seconds');
});

test('an event is taken at once, and its failure is only logged', async () => {
  expect(await client.send(invoke('echo', '{"b":2}', { InvocationType: 'Event' }))).toMatchObject({
    StatusCode: 202,
  });
  await client.send(invoke('failing', '{}', { InvocationType: 'Event' }));
  await eventually('the event to be handled', () => seen.length === 1 && lines.length === 1);
  expect(seen).toEqual([{ b: 2 }]);
  expect(lines).toMatchObject([{ event: 'invocation-failed' }]);
});

test('a dry run invokes nothing', async () => {
  expect(await client.send(invoke('echo', '{}', { InvocationType: 'DryRun' }))).toMatchObject({
    StatusCode: 204,
  });
  expect(seen).toEqual([]);
});

test.each([
  ['an unknown function', 'nobody', '{}', 'ResourceNotFoundException'],
  ['a payload that is no JSON', 'echo', '{', 'InvalidRequestContentException'],
  ['a payload above 6 MB', 'echo', `"${'x'.repeat(6 * 1024 * 1024)}"`, 'RequestTooLargeException'],
])('%s is refused', async (_what, name, payload, error) => {
  await expect(client.send(invoke(name, payload))).rejects.toMatchObject({ name: error });
  expect(seen).toEqual([]);
});

test.each([
  ['echo', 'echo'],
  ['echo:live', 'echo'],
  ['123456789012:function:echo', 'echo'],
  ['arn:aws:lambda:us-east-1:123456789012:function:echo', 'echo'],
  ['arn:aws:lambda:us-east-1:123456789012:function:echo:7', 'echo'],
])('%s names the function %s', (text, name) => {
  expect(functionName(text)).toBe(name);
});

test('stop waits for what is under way', async () => {
  let ended = false;
  functions.set('busy', async () => {
    await new Promise((resolve) => setImmediate(resolve));
    ended = true;
  });
  await client.send(invoke('busy', '{}', { InvocationType: 'Event' }));
  await lambda.stop();
  expect(ended).toBe(true);
});
