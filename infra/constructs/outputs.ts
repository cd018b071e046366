import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { outputKeys } from '../../orchestrator/definition/cdk-outputs';

/** The outputs that the orchestrator reads (docs/environments.md), but for the archive's: archive.ts gives those. */
export type OutputName = Exclude<keyof typeof outputKeys, 'SpillwayArchiveBucket'>;

/**
 * Gives the stack the outputs by the very names that the orchestrator looks for, whatever the construct is called.
 * Throws where the stack has them already: a stack holds one Spillway.
 */
export function addOutputs(scope: Construct, values: Readonly<Record<OutputName, string>>): void {
  const stack = Stack.of(scope);
  for (const [name, value] of Object.entries(values)) {
    if (stack.node.tryFindChild(name) !== undefined) {
      throw new Error(
        `the stack ${stack.stackName} has an output ${name} already. The orchestrator finds a Spillway by its stack's outputs, ` +
          'so each Spillway needs a stack of its own: make a second Stack in your app.',
      );
    }
    new CfnOutput(stack, name, { value });
  }
}
