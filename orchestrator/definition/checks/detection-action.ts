import { speaking, wordsAt } from '../sql-tokens';
import { type Check, detections, type Finding, inFile, type Checked, type SqlFile } from './check';
import { headerOf } from './detection-header';

const ACTIONS = ['suspend', 'notify'];

/**
 * Whether a subject is suspended for an excess is the most that a reviewer has to know of a detection. Its header says it,
 * and what it writes must say the same.
 */
export const detectionAction: Check = {
  code: 'header-action',
  help: 'a detection whose header promises another action than its excesses carry suspends somebody nobody thought of',
  stops: 'review',
  find: (checked) => detections(checked).flatMap((file) => findingOf(checked, file) ?? []),
};

function findingOf(checked: Checked, file: SqlFile): Finding | undefined {
  const header = headerOf(file).get('Action');
  const promised = header === undefined ? undefined : /^\w*/.exec(header)?.[0];
  const written = writtenAction(file);
  if (promised === undefined && written === undefined) return undefined;
  if (promised === undefined) {
    const message = `its excesses carry the action ${written?.action}, but its header does not say so: add "-- Action: ${written?.action}: …"`;
    return inFile(checked, file, 1, message);
  }
  if (!ACTIONS.includes(promised)) {
    return inFile(checked, file, 1, `its header's Action begins with "${promised}": write suspend or notify`);
  }
  if (written?.action === promised) return undefined;
  const what = written === undefined ? 'no action' : `the action ${written.action}`;
  const message = `its header says Action: ${promised}, but its excesses carry ${what}: write '${promised}' AS action`;
  return inFile(checked, file, written?.line ?? 1, message);
}

/** The literal in `'…' AS action`. */
function writtenAction({ tokens: all }: SqlFile): { action: string; line: number } | undefined {
  const tokens = speaking(all);
  const at = tokens.findIndex(
    ({ kind }, index) => kind === 'string' && wordsAt(tokens, index + 1, 'AS', 'ACTION'),
  );
  const literal = tokens[at];
  return literal === undefined ? undefined : { action: literal.text.slice(1, -1), line: literal.line };
}
