import { parseRecord } from '../../lambdas/contracts/parse';
import { usageRecord } from '../../lambdas/contracts/usage-record';
import { explanationOf } from '../explain/explanation';
import { RecomputedUsage } from '../explain/recomputed-heat';
import { ruleInForce } from '../explain/rule-in-force';
import { explainJson, explainText } from '../report/explain-report';
import { kinesisStreams } from '../service/usage-streams';
import type { CommonOptions } from './options';
import { EXIT_DONE, type Streams } from './streams';
import { lengthSeconds, withOperator, write } from './with-operator';

export interface ExplainOptions extends CommonOptions {
  since: string;
  resource?: string;
}

/** The application whose limits count where no excess was decided. */
const application = 'throttle';
/** What was decided lies a little behind what was written, and is of interest longer. */
const decidedSinceMs = 24 * 3600 * 1000;

/** `spillway explain SUBJECT|KEY`: why it is suspended, or not. Changes nothing. */
export function explain(asked: string, options: ExplainOptions, streams: Streams): Promise<number> {
  return withOperator(options, streams, async ({ operator, environment, variables }) => {
    const nowMs = Date.now();
    const sinceMs = nowMs - lengthSeconds('--since', options.since) * 1000;
    const kinesis = kinesisStreams(environment.region, variables);
    const usage = new RecomputedUsage(asked, options.resource);
    try {
      streams.stderr.write(
        `reading ${environment.streams.usage} since ${new Date(sinceMs).toISOString()} …\n`,
      );
      await kinesis.readSince(environment.streams.usage, sinceMs, (text) => {
        const record = parseRecord(usageRecord, text);
        if (record.ok) usage.add(record.value);
      });
    } finally {
      kinesis.close();
    }
    const written = usage.all();
    const subjects = [...new Set([...written.map(({ subject }) => subject), asked])].filter(
      (subject) => subject !== '' && (subject === asked ? written.every(({ key }) => key !== asked) : true),
    );
    const events = [];
    const standings = [];
    for (const subject of subjects.slice(0, 10)) {
      standings.push(await operator.ask('show', { subject }));
      const since = nowMs - decidedSinceMs;
      events.push(
        ...(await operator.ask('history', { since, subject, newestFirst: true, limit: 20 })).events,
      );
    }
    const rule = await ruleInForce(application, environment, variables);
    const explanation = explanationOf(asked, written, events, standings, rule, nowMs);
    write(streams, options, 'explain', explainJson(explanation), explainText(explanation));
    return EXIT_DONE;
  });
}
