// reviewed-plan.mjs WORKFLOW: finds the run of WORKFLOW whose plan was reviewed in the pull request that GITHUB_SHA merged,
// and sets it as the output run-id. Fails where there is none.
import { ask, find, setOutput } from './github-api.mjs';

const { GITHUB_SHA: sha, GITHUB_REPOSITORY: repository } = process.env;
const byHand = 'start "spillway apply" by hand: it plans what is on the branch now';

const pullRequest = await find(
  `commits/${sha}/pulls`,
  (one) => one.merge_commit_sha === sha && one.merged_at !== null,
);
if (pullRequest === undefined) throw new Error(`${sha} is no merge of a pull request: ${byHand}`);

const head = pullRequest.head.sha;
const { workflow_runs: runs } = await ask(
  'GET',
  `actions/workflows/${process.argv[2]}/runs?event=pull_request&status=success&head_sha=${head}&per_page=100`,
);
// A run in a fork is of files and workflows that nobody here has the say over.
const run = runs.find((one) => one.head_repository.full_name === repository);
if (run === undefined) throw new Error(`no plan of ${head} (#${pullRequest.number}) succeeded: ${byHand}`);
setOutput('run-id', run.id);
