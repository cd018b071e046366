// comment.mjs FILE: makes FILE the comment of the pull request PULL_REQUEST: the one it made before, or a new one.
import { readFileSync } from 'node:fs';
import { ask, find } from './github-api.mjs';

/** Nobody sees it; it tells our comment from others. */
const MARK = '<!-- spillway plan -->';

const { PULL_REQUEST: pullRequest } = process.env;
const body = `${MARK}\n${readFileSync(process.argv[2], 'utf8')}`;
const before = await find(
  `issues/${pullRequest}/comments`,
  // Anybody may write the mark; a person's comment cannot be ours.
  (comment) => comment.body.startsWith(MARK) && comment.user.type === 'Bot',
);
if (before === undefined) await ask('POST', `issues/${pullRequest}/comments`, { body });
else await ask('PATCH', `issues/comments/${before.id}`, { body });
