import { type StandIn, startStandIn } from '../../orchestrator/stand-ins/http-server';

export interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

export interface Issue {
  number: number;
  title: string;
  body: string;
  state: string;
  labels: string[];
}

/** What the stand-in for GitHub holds; a test fills and reads it. */
export interface Repository {
  comments: Comment[];
  issues: Issue[];
  /** By commit. */
  pulls: Record<string, unknown[]>;
  runs: { id: number; head_sha: string; head_repository: { full_name: string } }[];
}

const base = '/repos/team/service/';

/** Those parts of GitHub's REST API that the workflows' scripts ask for; its behaviour is in the stand-ins' README. */
export function startGitHub(repository: Repository): Promise<StandIn> {
  return startStandIn((request, text) => {
    if (request.headers.authorization !== 'Bearer token') return answer(401, { message: 'Bad credentials' });
    const url = new URL(request.url ?? '', 'http://localhost');
    if (!url.pathname.startsWith(base)) return answer(404, { message: 'Not Found' });
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const found = answerOf(repository, `${request.method} ${url.pathname.slice(base.length)}`, url, body);
    return found ?? answer(404, { message: 'Not Found' });
  });
}

function answerOf(
  { comments, issues, pulls, runs }: Repository,
  asked: string,
  { searchParams: search }: URL,
  body: Record<string, unknown>,
): ReturnType<typeof answer> | undefined {
  const page = <T>(list: readonly T[]): ReturnType<typeof answer> => {
    const size = Number(search.get('per_page') ?? 30);
    const from = (Number(search.get('page') ?? 1) - 1) * size;
    return answer(200, list.slice(from, from + size));
  };
  if (asked === 'GET issues/7/comments') return page(comments);
  if (asked === 'POST issues/7/comments') {
    const made = { id: comments.length + 1, body: String(body['body']), user: { type: 'Bot' } };
    comments.push(made);
    return answer(201, made);
  }
  const comment = comments.find(({ id }) => asked === `PATCH issues/comments/${id}`);
  if (comment !== undefined) return answer(200, Object.assign(comment, body));
  if (asked === 'GET issues') {
    const label = search.get('labels') ?? '';
    return page(issues.filter((one) => one.state === search.get('state') && one.labels.includes(label)));
  }
  if (asked === 'POST issues') {
    const made = { number: issues.length + 1, state: 'open', ...body } as Issue;
    issues.push(made);
    return answer(201, made);
  }
  const issue = issues.find(({ number }) => asked === `PATCH issues/${number}`);
  if (issue !== undefined) return answer(200, Object.assign(issue, body));
  const commit = /^GET commits\/(\w+)\/pulls$/.exec(asked)?.[1];
  if (commit !== undefined) return page(pulls[commit] ?? []);
  if (asked === 'GET actions/workflows/spillway-pull-request.yml/runs') {
    return answer(200, { workflow_runs: runs.filter((one) => one.head_sha === search.get('head_sha')) });
  }
  return undefined;
}

function answer(status: number, body: object): { status: number; contentType: string; body: string } {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}
