import { onlyApplication } from '../definition/read-definition';
import { historyJson, historyText } from '../report/history-report';
import { mergeHistory } from '../rollout/merge-history';
import { notThere, openPlace } from './open-place';
import { type CommonOptions, countOf } from './options';
import { EXIT_DONE, type Streams } from './streams';
import { liveSlot, slotName } from '../plan/slots';
import { serviceName } from '../rollout/desired';

export interface HistoryOptions extends CommonOptions {
  limit: string;
}

/** The service lists so many operations in one answer. */
const MOST_OPERATIONS = 50;

/**
 * `spillway history [application]`: who changed what and when, from the control table, and what the service did that no
 * command of Spillway asked for. An application that was destroyed still has its history.
 */
export async function history(
  application: string | undefined,
  options: HistoryOptions,
  streams: Streams,
): Promise<number> {
  const limit = countOf('--limit', options.limit, 1_000);
  const name = application ?? onlyApplication(options.definitions, 'history');
  const place = await openPlace(options, streams);
  try {
    const control = place.control(name);
    const { generations } = await control.generations();
    const entries = await control.history(limit);
    const live = slotName(serviceName(name, place.environment), liveSlot(generations));
    const observed = await place.flink.describe(live);
    if (observed === undefined && entries.length === 0) throw notThere(name, place.environment, options);
    const operations = observed === undefined ? [] : await place.flink.operations(live, MOST_OPERATIONS);
    const report = {
      application: name,
      environment: place.environment.name,
      lines: mergeHistory(entries, operations).slice(0, limit),
    };
    streams.stdout.write(options.json ? `${JSON.stringify(historyJson(report))}\n` : historyText(report));
    return EXIT_DONE;
  } finally {
    place.close();
  }
}
