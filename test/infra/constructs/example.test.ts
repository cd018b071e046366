import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ModuleKind, transpileModule } from 'typescript';

const loadHere = createRequire(__filename);
const root = join(__dirname, '../../..');

test('the example of the page builds a Spillway', () => {
  const page = readFileSync(join(root, 'docs/constructs.md'), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const { outputText } = transpileModule(example, { compilerOptions: { module: ModuleKind.CommonJS } });
  const context = process.env['CDK_CONTEXT_JSON'];
  // The app is the example's, so that it can be told only from outside to bundle nothing.
  process.env['CDK_CONTEXT_JSON'] = JSON.stringify({ 'aws:cdk:bundling-stacks': [] });
  try {
    const load = (name: string): unknown =>
      // What is not built stands where the package's exports lead.
      loadHere(name === 'spillway/constructs' ? join(root, 'infra/constructs') : name);
    const run = new Function('require', 'exports', `${outputText}\nreturn app;`) as (
      ...given: unknown[]
    ) => App;
    const stack = run(load, {}).node.findChild('Users') as Stack;
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 5);
  } finally {
    if (context === undefined) delete process.env['CDK_CONTEXT_JSON'];
    else process.env['CDK_CONTEXT_JSON'] = context;
  }
});
