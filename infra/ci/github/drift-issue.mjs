// drift-issue.mjs ENVIRONMENT FOLDER: one open issue as long as FOLDER/changes says yes, with FOLDER/plan.md as its text; it
// is closed once it says no.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, find } from './github-api.mjs';

const LABEL = 'spillway-drift';

const [environment, folder] = process.argv.slice(2);
const title = `What runs in ${environment} is not what the files say`;
const before = await find(`issues?state=open&labels=${LABEL}`, (issue) => issue.title === title);
if (readFileSync(join(folder, 'changes'), 'utf8').trim() === 'no') {
  if (before !== undefined) await ask('PATCH', `issues/${before.number}`, { state: 'closed' });
} else {
  const next =
    'Someone changed it past spillway, or a merged plan was not applied. Apply the plan ("spillway apply", by hand), or make ' +
    'the files say what is wanted.';
  const body = `${next}\n\n${readFileSync(join(folder, 'plan.md'), 'utf8')}`;
  if (before === undefined) await ask('POST', 'issues', { title, body, labels: [LABEL] });
  else await ask('PATCH', `issues/${before.number}`, { body });
}
