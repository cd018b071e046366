import { appendFileSync } from 'node:fs';

const PER_PAGE = 100;
/** More pages than that nobody reads: what is looked for is among the newest. */
const MOST_PAGES = 30;

/**
 * Asks GitHub's REST API about this repository, with the variables that every workflow has and `GITHUB_TOKEN`. Answers
 * the JSON, undefined where there is none. Throws with what GitHub said where it refuses.
 */
export async function ask(method, path, body) {
  const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = process.env;
  const response = await fetch(`${api}/repos/${repository}/${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: GitHub answers ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** The first that fits, over all pages of a list. */
export async function find(path, fits) {
  for (let page = 1; page <= MOST_PAGES; page++) {
    const list = await ask(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}per_page=${PER_PAGE}&page=${page}`,
    );
    const found = list.find(fits);
    if (found !== undefined || list.length < PER_PAGE) return found;
  }
  return undefined;
}

/** Sets an output of this step. */
export function setOutput(name, value) {
  appendFileSync(process.env.GITHUB_OUTPUT, `${name}=${value}\n`);
}
