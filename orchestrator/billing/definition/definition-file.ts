import { z } from 'zod';
import { parameterDeclaration } from '../../definition/parameters';

const columnName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/)
  .describe('A column that the SQL answers with, in snake_case');
const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .describe('A month in UTC, such as 2026-10');

/** One price from a number of units on. */
export const tier = z.strictObject({
  fromUnits: z.number().int().nonnegative().describe('From this unit of the month on, counted from 0'),
  microUsdPerMillion: z
    .number()
    .int()
    .nonnegative()
    .describe('Micro-dollars (a millionth of a US dollar) for a million units'),
});

const tiers = z.strictObject({
  type: z.literal('tiers'),
  default: z.array(tier).min(1),
  doc: z.string().min(1).describe('What it means, with its unit, for whoever changes it'),
});

/** A parameter of a billing definition: those of Flink's definitions, and prices in tiers. */
export const billingParameter = z.union([parameterDeclaration, tiers]);

/** `definition.json`: what a billing definition is besides its SQL. */
export const definitionFile = z.strictObject({
  $schema: z.string().optional(),
  kind: z
    .enum(['invoice', 'report'])
    .describe(
      'invoice: late usage becomes an adjustment in the next period; report: it informs, nobody pays by it',
    ),
  reads: z
    .array(z.enum(['entries', 'counters', 'suspensions']))
    .min(1)
    .describe(
      'The relations the SQL reads: entries of the period, the estimator’s counters, decisions about subjects',
    ),
  closesAfterHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 27)
    .default(48)
    .describe('Hours after the end of the month until which usage may come to be billed in it'),
  key: z.array(columnName).min(1).describe('Columns that tell rows apart; rows stand in their order'),
  measures: z
    .array(columnName)
    .min(1)
    .describe('Whole numbers that can be added up: what a difference is told in'),
  parameters: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), billingParameter),
  versions: z
    .array(
      z.strictObject({
        from: month.describe('First month for which these values hold'),
        why: z.string().min(1).describe('Why, for whoever asks in a year'),
        parameters: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .min(1)
    .describe('Values over the defaults, by the month from which they hold; the earliest first'),
});

export type DefinitionFile = z.infer<typeof definitionFile>;
export type BillingParameter = z.infer<typeof billingParameter>;
export type Tier = z.infer<typeof tier>;

/** A relation that a definition's SQL may read. */
export type Relation = DefinitionFile['reads'][number];

/** The keys that a slip of the pen may have meant. */
export const knownKeys = [
  ...Object.keys(definitionFile.shape),
  ...['type', 'default', 'min', 'max', 'doc', 'values', 'from', 'why', 'fromUnits', 'microUsdPerMillion'],
];
