import { z } from 'zod';

/** Raised when the document changes: apply refuses a plan of another one. */
export const PLAN_VERSION = 1;

/** May the running job's state be carried into the new release; ordered, a plan's is the gravest of its changes'. */
export const verdict = z.enum(['none', 'compatible', 'incompatible']);
export type Verdict = z.infer<typeof verdict>;

/**
 * How a change is brought in, the cheapest first; `create` is a first apply, `start` only starts what stands as wanted,
 * `shadow` runs the new release beside the live one without being heard.
 */
export const rollout = z.enum([
  'none',
  'create',
  'start',
  'settings',
  'restart',
  'replay',
  'handover',
  'shadow',
]);
export type RolloutKind = z.infer<typeof rollout>;

/** Everything that can differ between two versions of an application: as `ApplicationSettings` of the service port. */
export const settings = z.strictObject({
  runtime: z.string(),
  serviceRole: z.string(),
  bucket: z.string(),
  codeKey: z.string(),
  parallelism: z.number().int().positive(),
  parallelismPerKpu: z.number().int().positive(),
  checkpointIntervalSeconds: z.number().int().positive(),
  parameters: z.record(z.string(), z.string()),
});

/** One difference between what runs and what is wanted. */
export const change = z.strictObject({
  /** `parameter window`, `detection shared-key`, `runtime`, … */
  what: z.string(),
  /** Absent where there is nothing. */
  from: z.string().optional(),
  to: z.string().optional(),
  verdict,
  /** Stable: a rule's (docs/verdicts.md) or a setting's. */
  code: z.string(),
  reason: z.string(),
  /** How it is undone, or why it cannot be. */
  reverse: z.string(),
});
export type Change = z.infer<typeof change>;

const slot = z.enum(['blue', 'green']);

/** One action of a rollout. `application` is the name in the service. */
export const step = z.discriminatedUnion('kind', [
  /** Puts the release into the code bucket. */
  z.strictObject({ kind: z.literal('upload'), codeKey: z.string() }),
  z.strictObject({
    kind: z.literal('create'),
    application: z.string(),
    settings,
    /** As in `update`. */
    rolloutParameters: z.boolean(),
  }),
  /** Changes what the service does without a restart. */
  z.strictObject({ kind: z.literal('tag'), application: z.string(), tags: z.record(z.string(), z.string()) }),
  /** A named snapshot of the running job: the way back. */
  z.strictObject({ kind: z.literal('snapshot'), application: z.string(), snapshot: z.string() }),
  /**
   * Writes the new generation down, before it says anything: without it the alerter does not hear it. Where no
   * generation is written down yet and one runs, that one (`Plan.previousGeneration`) is written before it.
   */
  z.strictObject({ kind: z.literal('register'), generation: z.number().int(), slot, shadow: z.boolean() }),
  /** Reads up to which second the running job is proven to have finished, and so sets cutover and start. */
  z.strictObject({
    kind: z.literal('measure'),
    application: z.string(),
    /** The longest window + delay, and the margin, in seconds. */
    lookBackSeconds: z.number().int(),
    marginSeconds: z.number().int(),
    /** Epoch second up to which a job that does not run is taken to have finished; absent where it runs. */
    finishedUntil: z.number().int().optional(),
  }),
  z.strictObject({ kind: z.literal('stop'), application: z.string() }),
  /** Changes a stopped application, or a running one, which the service then restarts from its state. */
  z.strictObject({
    kind: z.literal('update'),
    application: z.string(),
    settings,
    /** `running`: with the state carried; `stopped`: settings only. */
    of: z.enum(['running', 'stopped']),
    /** The parameters cutover, start and start_at come from the rollout's facts, and are not in `settings`. */
    rolloutParameters: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('start'), application: z.string(), state: z.enum(['none', 'latest']) }),
  /** Waits until every gate holds, at most for the limit. */
  z.strictObject({
    kind: z.literal('gates'),
    application: z.string(),
    /** The most it may be behind the stream's tip; absent where it does not matter. */
    lagSeconds: z.number().int().optional(),
    /** Compare its excesses with this generation's. */
    compareWith: z.number().int().optional(),
    limitSeconds: z.number().int(),
  }),
  /** Handover: writes a cutover that lies a little ahead, from which the new generation is heard and the old is not. */
  z.strictObject({ kind: z.literal('switch'), generation: z.number().int(), leadSeconds: z.number().int() }),
  /** Waits until the old and the new job have both finished the cutover's second. */
  z.strictObject({
    kind: z.literal('await-cutover'),
    old: z.string(),
    new: z.string(),
    limitSeconds: z.number().int(),
  }),
  z.strictObject({ kind: z.literal('delete'), application: z.string() }),
]);
export type Step = z.infer<typeof step>;

/** What would change, why, how bad it is, and the steps: a versioned, frozen document. */
export const plan = z.strictObject({
  schemaVersion: z.literal(PLAN_VERSION),
  /** Over everything else in it, so that a plan that was edited is refused. */
  id: z.string(),
  /** Spillway's version: a plan of another one is refused. */
  madeBy: z.string(),
  madeAt: z.string(),
  application: z.string(),
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  /** The name in the service of the application that runs now, or will; and its slot. */
  serviceName: z.string(),
  slot,
  /** As it was observed; apply refuses where it moved since. Null where there is none. */
  observed: z
    .strictObject({
      status: z.string(),
      version: z.number().int(),
      conditionalToken: z.string(),
      settings,
    })
    .nullable(),
  /** As wanted, but for the parameters that rollouts set: generation, cutover, start, start_at. */
  desired: settings,
  releaseHash: z.string(),
  /** That of the running job (null where none ever ran), and that of the job after the rollout. */
  previousGeneration: z.number().int().nullable(),
  generation: z.number().int(),
  /** The revision of the generations as read; apply refuses where they were written since. */
  generationsRevision: z.number().int(),
  changes: z.array(change),
  verdict,
  rollout,
  /** Other rollouts that miss nothing either, the cheapest first. */
  alternatives: z.array(rollout),
  steps: z.array(step),
  /** What it costs. */
  cost: z.strictObject({
    /** Seconds without an answer; what happens in them is found afterwards, nothing is missed. */
    pauseSeconds: z.number(),
    /** Seconds of the usage stream that are read again. */
    replaySeconds: z.number(),
    /** For what runs beside the live application, in US dollars, of a shadow for one hour; null where no price is known. */
    extraUsd: z.number().nullable(),
  }),
  /** The rendered SQL of both releases, for the diff; null where there is none, both null where it is the same. */
  sql: z.strictObject({ from: z.string().nullable(), to: z.string().nullable() }),
  /** What a person should know first: drift, a stopped application, snapshots near their limit. */
  notices: z.array(z.strictObject({ code: z.string(), message: z.string() })),
});
export type Plan = z.infer<typeof plan>;
