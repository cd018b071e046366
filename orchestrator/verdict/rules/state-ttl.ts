import { WITH_STATE, WITHOUT_STATE } from './rule';
import type { Sets, SetRule } from './set-rule';

const KEY = 'table.exec.state.ttl';
const UNIT_MS: Readonly<Record<string, number>> = {
  ...{ ms: 1, milli: 1, millis: 1, millisecond: 1, milliseconds: 1 },
  ...{ s: 1e3, sec: 1e3, secs: 1e3, second: 1e3, seconds: 1e3 },
  ...{ m: 6e4, min: 6e4, minute: 6e4, minutes: 6e4 },
  ...{ h: 36e5, hour: 36e5, hours: 36e5, d: 864e5, day: 864e5, days: 864e5 },
};

/** Milliseconds, without an end where none is set; undefined where the text is none that is known here. */
function ttlMs(sets: Sets): number | undefined {
  const [, amount = '', unit = ''] = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(sets.get(KEY) ?? '0 ms') ?? [];
  const scale = unit === '' ? 1 : UNIT_MS[unit.toLowerCase()];
  if (amount === '' || scale === undefined) return undefined;
  return Number(amount) === 0 ? Number.POSITIVE_INFINITY : Number(amount) * scale;
}

export const stateTtlShorter: SetRule = {
  code: 'state-ttl-shorter',
  verdict: 'compatible',
  help: 'a shorter time to live of state, or one for the first time: what is older goes, as it would have gone',
  way: WITH_STATE,
  keys: [KEY],
  judge: (deployed, wanted) => {
    const [before, now] = [ttlMs(deployed), ttlMs(wanted)];
    return before !== undefined && now !== undefined && now < before
      ? 'what is older than the new time to live goes, as it would have gone'
      : undefined;
  },
};

export const stateTtlLonger: SetRule = {
  code: 'state-ttl-longer',
  verdict: 'incompatible',
  help: 'a longer time to live of state, or none any more: what it should still hold has gone',
  way: WITHOUT_STATE,
  keys: [KEY],
  judge: (deployed, wanted) => {
    const [before, now] = [ttlMs(deployed), ttlMs(wanted)];
    if (before === undefined || now === undefined) {
      return deployed.get(KEY) === wanted.get(KEY) ? undefined : `one of the two ${KEY} does not read`;
    }
    return now > before ? 'what lived longer than the old time to live has gone from the state' : undefined;
  },
};
