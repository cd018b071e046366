import type { ExplainedKey, Explanation } from '../explain/explanation';
import { heatChart } from './heat-chart';
import { eventLine, subjectText } from './suspensions-report';
import { columns } from './table';

const mostKeys = 5;
const mostSeconds = 15;

/** For people. */
export function explainText({ asked, nowMs, keys, standings, events, next }: Explanation): string {
  if (keys.length === 0 && events.length === 0) {
    return (
      `${asked} is in no usage of that time and in no decision: is it written as usage has it ` +
      '(a subject as the table’s template makes it, a key as S:text or N:42)? With `privacy: hash` give the hash.\n'
    );
  }
  const parts = [
    ...keys.slice(0, mostKeys).map(keyText),
    ...(keys.length > mostKeys ? [`and ${keys.length - mostKeys} more keys: see --json\n`] : []),
    ...standings.map((standing) => subjectText(standing, nowMs)),
    events.length === 0
      ? 'nothing was decided about it in that time\n'
      : `decided, the newest first\n${lines(events.map(eventLine))}`,
    `next\n${lines(next)}`,
  ];
  return `${parts.join('\n')}\nUnits and heat are recomputed from the usage stream: Flink’s own state cannot be read.\n`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `  ${text}\n`).join('');
}

function keyText({ resource, key, subject, rule, heats, peakHeat, heatNow, excess }: ExplainedKey): string {
  const verdict =
    excess > 0 ? `${peakHeat} at most, ${excess} above the limit` : `${peakHeat} at most, within the limit`;
  const written = heats.filter(({ units }) => units > 0);
  const rows = written
    .slice(-mostSeconds)
    .map(({ second, units, heat }) => [
      new Date(second * 1000).toISOString().slice(11, 19),
      String(units),
      String(heat),
      heat > rule.limit ? `+${heat - rule.limit}` : '',
    ]);
  const earlier =
    written.length > mostSeconds
      ? `  the last ${mostSeconds} of ${written.length} seconds with writes\n`
      : '';
  return (
    `${subject === '' ? '(no subject)' : subject} on ${key} of ${resource}\n` +
    `  limit ${rule.limit} write units in ${rule.windowSeconds} s (${rule.from})\n` +
    `  heat ${verdict}; ${heatNow} now\n\n${heatChart(heats, rule.limit)}\n` +
    earlier +
    columns(
      ['  SECOND', 'UNITS', 'HEAT', 'EXCESS'],
      rows.map(([first = '', ...rest]) => [`  ${first}`, ...rest]),
    ) +
    '\n'
  );
}

/** The JSON of an explanation: seconds without units are left out. */
export function explainJson({ asked, keys, standings, events, next }: Explanation): object {
  return {
    asked,
    recomputed: true,
    keys: keys.map(({ heats, ...key }) => ({ ...key, seconds: heats.filter(({ units }) => units > 0) })),
    standings,
    events,
    next,
  };
}
