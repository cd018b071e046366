import { z } from 'zod';
import { parameterDeclaration } from './parameters';

/** `application.json`: what an application is called, what runs it, its capacity and its parameters. */
export const applicationFile = z.strictObject({
  $schema: z.string().optional(),
  /** The logical name; the same as the folder's. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and "-"')
    .describe('The logical name; the same as the folder’s'),
  /** A runtime of Managed Flink, such as `FLINK-2_2`. */
  runtime: z.enum(['FLINK-2_2', 'FLINK-2_3']).describe('A runtime of Managed Flink'),
  capacity: z.strictObject({
    parallelism: z.number().int().min(1).max(64).describe('Tasks side by side'),
    parallelismPerKpu: z.number().int().min(1).max(8).describe('Tasks that share one KPU'),
  }),
  parameters: z.record(
    z.string().regex(/^[a-z][a-z0-9_]*$/, 'is no parameter name: use lower-case letters, digits and "_"'),
    parameterDeclaration,
  ),
});

export type ApplicationFile = z.infer<typeof applicationFile>;
