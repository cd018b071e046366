import { setTimeout as pause } from 'node:timers/promises';
import { listApplications } from '../definition/read-definition';
import { liveSlot, slotName } from '../plan/slots';
import { changedLines } from '../report/changed-lines';
import {
  type ApplicationStatusReport,
  type ControlStatus,
  statusJson,
  type StatusReport,
  statusText,
} from '../report/status-report';
import { serviceName } from '../rollout/desired';
import { gatesOf } from '../rollout/gates';
import { busyNow } from '../rollout/operation-end';
import { SETTLED } from '../rollout/settled';
import type { ObservedApplication } from '../service/application';
import { type JobHealth, readJobHealth } from '../service/flink-job';
import { operatorOf } from '../service/operator';
import { messageOf, UserFault } from '../user-fault';
import { notThere, openPlace, type Place, titleOf } from './open-place';
import { type CommonOptions, secondsOf } from './options';
import { figuresReader } from './read-figures';
import { EXIT_DONE, type Streams } from './streams';

export interface StatusOptions extends CommonOptions {
  watch: boolean;
  /** How long to watch; until it is interrupted unless given. */
  for?: string;
}

const LOOK_EVERY_MS = 2_000;

/**
 * `spillway status [application]`: what runs, which release, how it is doing, who changes it, and by the hour whom
 * Spillway suspended and what that prevented. Changes nothing.
 */
export async function status(
  application: string | undefined,
  options: StatusOptions,
  streams: Streams,
): Promise<number> {
  const seconds = options.for === undefined ? undefined : secondsOf('--for', options.for, 1);
  if (seconds !== undefined && !options.watch)
    throw new UserFault('--for says how long to --watch: add --watch');
  const place = await openPlace(options, streams);
  const operator = operatorOf(place.environment, place.variables);
  try {
    const names = application === undefined ? listApplications(options.definitions) : [application];
    const figures = figuresReader(operator);
    const lookAtAll = async (): Promise<ApplicationStatusReport[]> => {
      const reports: ApplicationStatusReport[] = [];
      for (const name of names) reports.push(await reportOf(name, place));
      return reports;
    };
    const look = async (): Promise<StatusReport> => {
      const [applications, suspensions] = await Promise.all([lookAtAll(), figures()]);
      return { environment: place.environment.name, applications, suspensions };
    };
    if (options.watch) {
      await watch(look, options, streams, seconds);
      return EXIT_DONE;
    }
    const report = await look();
    const [only] = report.applications;
    const known = listApplications(options.definitions);
    if (application !== undefined && only?.observed === undefined && !known.includes(application)) {
      throw notThere(application, place.environment, options);
    }
    streams.stdout.write(options.json ? `${JSON.stringify(statusJson(report))}\n` : statusText(report));
    return EXIT_DONE;
  } finally {
    operator.close();
    place.close();
  }
}

/**
 * Looks again and again. A terminal shows the whole, renewed in place; else only what changed is written, line by line,
 * or with --json each document that differs from the one before.
 */
async function watch(
  look: () => Promise<StatusReport>,
  { json }: StatusOptions,
  { stdout }: Streams,
  seconds: number | undefined,
): Promise<void> {
  const end = new AbortController();
  const interrupt = (): void => {
    end.abort();
  };
  process.once('SIGINT', interrupt);
  const deadlineMs = seconds === undefined ? Infinity : Date.now() + seconds * 1000;
  const isTerminal = 'isTTY' in stdout && stdout.isTTY === true;
  let before: string | undefined;
  try {
    while (!end.signal.aborted) {
      const report = await look();
      const text = json ? `${JSON.stringify(statusJson(report))}\n` : statusText(report);
      if (isTerminal && !json) stdout.write(`\u001b[H\u001b[2J${text}\n(Ctrl-C ends this)\n`);
      else if (json) stdout.write(text === before ? '' : text);
      else stdout.write(changedLines(before, text, new Date()));
      before = text;
      const leftMs = deadlineMs - Date.now();
      if (leftMs <= 0) return;
      await pause(Math.min(LOOK_EVERY_MS, leftMs), undefined, { signal: end.signal }).catch(() => undefined);
    }
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

async function reportOf(application: string, place: Place): Promise<ApplicationStatusReport> {
  const { environment, flink } = place;
  const notes: string[] = [];
  const orNote = async <T>(read: Promise<T>): Promise<T | undefined> => {
    try {
      return await read;
    } catch (fault) {
      if (!(fault instanceof UserFault)) throw fault;
      notes.push(messageOf(fault));
      return undefined;
    }
  };
  const control = place.control(application);
  const stored = await orNote(control.generations());
  const name = slotName(serviceName(application, environment), liveSlot(stored?.generations ?? []));
  const observed = await flink.describe(name);
  const running = observed?.status === 'RUNNING';
  const job = running ? await orNote(healthOf(place, observed)) : undefined;
  const generation = observed?.parameters['generation'];
  return {
    application,
    environment: environment.name,
    serviceName: name,
    observed,
    job,
    gates: running ? gatesOf(observed.status, job) : [],
    generation: generation === undefined ? undefined : Number(generation),
    busy:
      observed === undefined || SETTLED.includes(observed.status)
        ? undefined
        : await busyNow(flink, titleOf(application, environment), observed),
    control: stored === undefined ? undefined : await orNote(controlStatus(place, application)),
    notes,
  };
}

async function healthOf({ flink }: Place, { name }: ObservedApplication): Promise<JobHealth | undefined> {
  return readJobHealth(await flink.flinkPage(name));
}

async function controlStatus(place: Place, application: string): Promise<ControlStatus> {
  const control = place.control(application);
  const [lock, rollout, [last]] = await Promise.all([
    control.readLock(),
    control.rollout(),
    control.history(1),
  ]);
  // A lock that ran out is nobody's.
  const held = lock !== undefined && lock.until.getTime() > Date.now();
  return { lock: held ? lock : undefined, rollout, last };
}
