import { parseRecord } from '../../../lambdas/contracts/parse';
import { type SetAside, setAside } from '../../../lambdas/contracts/set-aside';
import { recordLimitBytes } from '../../../lambdas/delivery/kinesis-stream';
import { encodeSetAside } from '../../../lambdas/delivery/set-aside-stream';

const aside = (record: string): SetAside => ({
  version: 1,
  setAsideBy: 'estimator',
  reason: 'malformed',
  detail: 'it cannot be read',
  record,
});

describe('encodeSetAside', () => {
  it('keeps a record as it came', () => {
    const parsed = parseRecord(setAside, encodeSetAside(aside('{"a":1}')).toString());
    expect(parsed).toEqual({ ok: true, value: aside('{"a":1}') });
  });

  it.each([
    ['letters', 'x'],
    ['letters of three bytes', '語'],
    ['signs that JSON escapes', '\u0001'],
  ])('fits a record of too many %s into a Kinesis record and says so', (_situation, letter) => {
    const record = letter.repeat(1_500_000);
    const data = encodeSetAside(aside(record));
    expect(data.length).toBeLessThan(recordLimitBytes);
    const parsed = parseRecord(setAside, data.toString());
    if (!parsed.ok) throw new Error(parsed.reason);
    expect(record.startsWith(parsed.value.record)).toBe(true);
    expect(parsed.value.record.length).toBeGreaterThan(50_000);
    expect(parsed.value.detail).toBe(
      `it cannot be read (The first ${String(parsed.value.record.length)} of 1500000 characters are kept.)`,
    );
  });
});
