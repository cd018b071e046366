import { type CompiledPlan, compilePlan, renderSql } from '../release/compile-plan';
import type { RunnerOptions } from '../release/run-runner';
import { DefinitionFault } from '../user-fault';
import type { Files, PlanVerdict } from './plan-input';
import { ROLLOUT_PARAMETERS } from './rollout-parameters';

/** One release with its values, and the JAR that plans it: its own. */
export interface ComparedRelease {
  name: string;
  files: Files;
  parameters: Readonly<Record<string, string>>;
  runner: RunnerOptions;
}

/** What comparing what runs with what is wanted gave. */
export interface Comparison {
  /** Rendered; undefined where the runner refuses it, as it does where a person changed values past spillway. */
  from: string | undefined;
  to: string;
  verdicts: PlanVerdict[];
}

/** A release as Flink takes it. */
export interface PlannedRelease {
  sql: string;
  plan: CompiledPlan;
}

/** Judges every difference of two releases. */
export type ComparePlans = (deployed: PlannedRelease, wanted: PlannedRelease) => PlanVerdict[];

/**
 * Renders and compiles both, each with its own release's runner, as far as they are not kept already. Parameters that
 * rollouts set have the same values in both: they are no difference, and so plans stay kept from one rollout to the next.
 */
export async function compareReleases(
  deployed: ComparedRelease,
  wanted: ComparedRelease,
  comparePlans: ComparePlans,
): Promise<Comparison> {
  const aligned = { ...deployed, parameters: withoutRollout(deployed.parameters, wanted.parameters) };
  const [from, to] = await Promise.all([readOrFault(aligned), read(wanted)]);
  if (from instanceof DefinitionFault) {
    const reason = `what runs cannot be planned any more: ${from.message.split('\n').slice(0, 2).join(' ')}`;
    const unreadable: PlanVerdict = {
      verdict: 'incompatible',
      code: 'deployed-unreadable',
      reason,
      node: 'any',
    };
    return { from: undefined, to: to.sql, verdicts: [unreadable] };
  }
  return { from: from.sql, to: to.sql, verdicts: comparePlans(from, to) };
}

async function read({ name, files, parameters, runner }: ComparedRelease): Promise<PlannedRelease> {
  const application = { name, files };
  const [sql, plan] = await Promise.all([
    renderSql(application, parameters, runner),
    compilePlan(application, parameters, runner),
  ]);
  return { sql, plan };
}

async function readOrFault(release: ComparedRelease): Promise<PlannedRelease | DefinitionFault> {
  try {
    return await read(release);
  } catch (fault) {
    if (fault instanceof DefinitionFault) return fault;
    throw fault;
  }
}

type Texts = Readonly<Record<string, string>>;

/** The values with those of the rollout parameters from `other`, where both have them. */
function withoutRollout(parameters: Texts, other: Texts): Texts {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, text]) => [
      name,
      ROLLOUT_PARAMETERS.includes(name) ? (other[name] ?? text) : text,
    ]),
  );
}
