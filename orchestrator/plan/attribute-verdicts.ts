import { findPlaceholders } from '../definition/placeholders';
import type { Change, Verdict } from './plan';
import type { Files, PlanVerdict } from './plan-input';

/** Something of the files that changed and may be why two compiled plans differ. */
export interface Cause {
  /** As in the change: `parameter window`, `detection burst`. */
  what: string;
  /** Whether it reaches a detection; undefined asks for what feeds several. */
  reaches(detection: string | undefined): boolean;
}

export type Judged = Pick<Change, 'verdict' | 'code' | 'reason'>;

/** A parameter reaches the detections that use it, and all of them where a table does. */
export function parameterCause(name: string, releases: readonly Files[]): Cause {
  const users = new Set(
    releases.flatMap((files) =>
      [...files]
        .filter(
          ([path, sql]) => path.endsWith('.sql') && findPlaceholders(sql).some((one) => one.name === name),
        )
        .map(([path]) => path),
    ),
  );
  const everywhere = [...users].some((path) => !path.startsWith('detections/'));
  return {
    what: `parameter ${name}`,
    reaches: (detection) =>
      everywhere || (detection === undefined ? users.size > 0 : users.has(`detections/${detection}.sql`)),
  };
}

/** A detection's file reaches itself and what is shared, a table's everything. */
export function fileCause(what: string, path: string): Cause {
  const own = /^detections\/(.+)\.sql$/.exec(path)?.[1];
  return { what, reaches: (detection) => own === undefined || detection === undefined || detection === own };
}

/**
 * What the compiled plans say about one cause: the gravest of the verdicts that it may have brought about. Where
 * several causes may have, the reason names the others, because the plans do not tell them apart. Undefined where
 * no verdict is about it: the plans are the same as far as it reaches.
 */
export function judge(
  cause: Cause,
  causes: readonly Cause[],
  verdicts: readonly PlanVerdict[],
): Judged | undefined {
  const about = verdicts.filter(({ detection }) => cause.reaches(detection));
  const gravest = about.some(({ verdict }) => verdict === 'incompatible') ? 'incompatible' : 'compatible';
  const grave = about.filter(({ verdict }) => verdict === gravest);
  const first = grave[0];
  if (first === undefined) return undefined;
  const others = causes.filter(
    (other) => other.what !== cause.what && grave.some(({ detection }) => other.reaches(detection)),
  );
  const together = others.length === 0 ? '' : `together with ${others.map(({ what }) => what).join(', ')}: `;
  const reasons = [...new Set(grave.map(({ reason }) => reason))];
  return { verdict: gravest, code: first.code, reason: together + reasons.join('; ') };
}

/** The verdicts that no cause explains: the code that plans has changed. */
export function unexplained(causes: readonly Cause[], verdicts: readonly PlanVerdict[]): PlanVerdict[] {
  return verdicts.filter(({ detection }) => !causes.some((cause) => cause.reaches(detection)));
}

const ORDER: readonly Verdict[] = ['none', 'compatible', 'incompatible'];

/** The gravest verdict of changes; none where there are none. */
export function gravestVerdict(changes: readonly Pick<Change, 'verdict'>[]): Verdict {
  return changes.reduce<Verdict>(
    (gravest, { verdict }) => (ORDER.indexOf(verdict) > ORDER.indexOf(gravest) ? verdict : gravest),
    'none',
  );
}
