import { setTimeout as pause } from 'node:timers/promises';
import { readStream } from '../../../infra/local/demo/stream-reader';
import type { LocalSystem } from '../../../infra/local/system';
import { excess } from '../../../lambdas/contracts/excess';
import { isHeard } from '../../../lambdas/contracts/generations';
import { putUsage } from '../../end-to-end/put-usage';
import { type Heard, judge, type Judgement, longestSilenceSeconds } from './judge';
import { Load } from './load';
import { type Place, startPlace } from './place';
import { parametersOf, rulesOf, type Scenario, type Windows } from './scenario';
import { offencesOf } from './suspensions';
import { writersAcross, writersAfter, writersBefore } from './writers';
import { LIMIT } from './scenario';

export interface Outcome extends Scenario {
  readonly judgement: Judgement;
  /** Subjects suspended more than once for their one episode, and heard ones that are not suspended. */
  readonly suspendedTwice: readonly string[];
  readonly notSuspended: readonly string[];
  /** What the functions logged of those, and what else is no good news. */
  readonly logged: readonly string[];
  /** The longest time without any excess while a subject passes the limit each second: before the change, and from it on. */
  readonly silenceBeforeSeconds: number;
  readonly silenceAfterSeconds: number;
  readonly applySeconds: number;
  /** How the change ended, where it did not end well. */
  readonly failure: string | undefined;
}

const CLOSING = 'closing';

/** One change of a running application under steady load, from before it until everything after it is stated. */
export async function runScenario(
  system: LocalSystem,
  scenario: Scenario,
  windows: Windows,
  name: string,
  say: (line: string) => void,
): Promise<Outcome> {
  const place = await startPlace(system, name, scenario);
  const ends: (() => Promise<unknown>)[] = [place.stop];
  try {
    const parameters = parametersOf(scenario.change, windows);
    await place.apply(parameters.before);
    const heardAll: Heard[] = [];
    const reading = new AbortController();
    const reader = readStream(
      place.clients.kinesis,
      place.resources.excessStream,
      excess,
      (one, atMs) => heardAll.push({ excess: one, atMs }),
      reading.signal,
    );
    ends.push(() => {
      reading.abort();
      return reader;
    });
    const load = new Load(place.clients, place.resources, 10 * LIMIT);
    const startedMs = Date.now();
    load.add(...writersBefore(seconds(startedMs), windows));
    load.start();
    ends.push(() => load.stop());
    await pause((windows.long + 15) * 1_000);

    const changedMs = Date.now();
    load.add(...writersAcross(seconds(changedMs), windows));
    const failure = await changed(place, scenario, parameters.after);
    const appliedMs = Date.now();
    const took = ((appliedMs - changedMs) / 1_000).toFixed(0);
    say(failure === undefined ? `changed within ${took} s` : `the change failed after ${took} s: ${failure}`);
    load.add(...writersAfter(seconds(appliedMs) + 2, windows));
    // A naive update has no health to wait for; a window fills, and time is left for a restart.
    await pause((windows.long + 30) * 1_000);
    const endedMs = Date.now();
    const until = await load.stop();
    await close(place, until);

    const known = await place.generations();
    const heard = heardAll.filter(
      ({ excess: one }) =>
        one.detection === 'partition-heat' && !one.subject.startsWith(CLOSING) && isHeard(known, one),
    );
    const cutover = known?.generations.at(-1)?.from ?? 0;
    const isCut = scenario.way === 'replay' || scenario.way === 'handover';
    const judgement = judge(load.written, heard, {
      ...rulesOf(scenario.change, windows),
      // A restart has no second from which the new rule holds: while it goes on, either may speak.
      oldUntil: isCut ? cutover : seconds(changedMs) - 3,
      newFrom: isCut ? cutover : seconds(appliedMs) + 1,
      isCarried: scenario.way === 'restart',
      until: until - 2,
    });
    const offences = await offencesOf(system.redisUrl, name);
    const subjects = new Set(heard.map(({ excess: { subject } }) => subject));
    const notSuspended = [...subjects].filter((subject) => !offences.has(subject));
    return {
      ...scenario,
      judgement,
      suspendedTwice: [...offences].filter(([, count]) => count > 1).map(([subject]) => subject),
      notSuspended,
      logged: place.log.filter((line) => notSuspended.some((subject) => line.includes(`"${subject}"`))),
      silenceBeforeSeconds: longestSilenceSeconds(heard, startedMs + 10_000, changedMs),
      silenceAfterSeconds: longestSilenceSeconds(heard, changedMs, endedMs),
      applySeconds: (appliedMs - changedMs) / 1_000,
      failure,
    };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Makes the change. Answers why it failed, where it did. */
async function changed(
  place: Place,
  { change, way }: Scenario,
  parameters: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  try {
    if (way === 'naive') await place.updateNaively(parameters);
    else {
      place.changeDefinition(change);
      await place.apply(parameters, '--rollout', way, '--yes');
    }
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** Usage a little later, until the watermark has passed all that was written and the last excesses are acted on. */
async function close(place: Place, from: number): Promise<void> {
  for (let second = from; second < from + 20; second += 1) {
    await pause(Math.max(0, (second + 1) * 1_000 - Date.now()));
    const entry = { resource: 'users', key: `S:${CLOSING}`, subject: CLOSING, units: 1, writes: 1 };
    await putUsage(place.clients, place.resources, [
      { version: 1, source: 'users', batch: `${CLOSING}-${second}`, part: 0, second, entries: [entry] },
    ]);
  }
}

function seconds(epochMs: number): number {
  return Math.floor(epochMs / 1_000);
}
