import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApplicationStore } from './application-store';
import { messageOf } from './faults';
import type { ApplicationRecord } from './records';

/** A presigned URL must be used within this time, else it never works (API, CreateApplicationPresignedUrl). */
const FIRST_USE_LIMIT_MS = 3 * 60_000;
/** How long it works unless the request says otherwise. */
const SESSION_SECONDS = 12 * 3600;
const PREFIX = '/flink/';
const FLINK_LIMIT_MS = 30_000;

interface Session {
  application: string;
  useBeforeMs: number;
  endsMs: number;
}

/**
 * Flink's page and REST API behind presigned URLs, to be read only. An application sees no other application's job
 * in the lists of jobs, as if the cluster were its own. URLs do not outlive the endpoint.
 */
export class FlinkPage {
  private readonly sessions = new Map<string, Session>();

  constructor(
    private readonly flinkRestUrl: string,
    private readonly store: ApplicationStore,
    private readonly now: () => number,
  ) {}

  /** The path of a new URL for the application; the caller puts the endpoint before it. */
  presign(application: ApplicationRecord, sessionSeconds = SESSION_SECONDS): string {
    const nowMs = this.now();
    for (const [token, { endsMs }] of this.sessions) if (endsMs < nowMs) this.sessions.delete(token);
    const token = randomUUID();
    this.sessions.set(token, {
      application: application.name,
      useBeforeMs: nowMs + FIRST_USE_LIMIT_MS,
      endsMs: nowMs + sessionSeconds * 1000,
    });
    const job = application.job === undefined ? '' : `#/job/running/${application.job.id}/overview`;
    return `${PREFIX}${token}/${job}`;
  }

  /** Whether a request is for Flink's page. */
  static isAskedFor(request: IncomingMessage): boolean {
    return request.url?.startsWith(PREFIX) ?? false;
  }

  /** Answers what Flink answers; 403 where the URL is not, or no longer, good. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [token = '', ...rest] = (request.url ?? '').slice(PREFIX.length).split('/');
    const session = this.sessions.get(token);
    const nowMs = this.now();
    if (session === undefined || nowMs > Math.min(session.endsMs, session.useBeforeMs)) {
      response.writeHead(403).end('Forbidden: the URL has expired; ask for a new one');
      return;
    }
    if (request.method !== 'GET') {
      response.writeHead(403).end('Forbidden: Flink’s page is to be read only');
      return;
    }
    session.useBeforeMs = session.endsMs;
    try {
      const path = `/${rest.join('/')}`;
      const answer = await fetch(this.flinkRestUrl + path, { signal: AbortSignal.timeout(FLINK_LIMIT_MS) });
      const type = answer.headers.get('content-type') ?? 'application/octet-stream';
      const body = Buffer.from(await answer.arrayBuffer());
      const own = /^\/jobs(\/overview)?(\?|$)/.test(path)
        ? this.ownJobsOnly(body, session.application)
        : body;
      response.writeHead(answer.status, { 'content-type': type }).end(own);
    } catch (cause) {
      response.writeHead(502).end(`Flink does not answer: ${messageOf(cause)}`);
    }
  }

  private ownJobsOnly(body: Buffer, name: string): string {
    const { jobs } = JSON.parse(body.toString('utf8')) as { jobs: { id?: string; jid?: string }[] };
    const own = this.store.has(name) ? this.store.get(name).job?.id : undefined;
    return JSON.stringify({ jobs: jobs.filter((job) => (job.jid ?? job.id) === own) });
  }
}
