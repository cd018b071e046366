import { isUtf8 } from 'node:buffer';
import { type Excess, excess } from '../contracts/excess';
import { parseRecord } from '../contracts/parse';
import type { SetAside } from '../contracts/set-aside';
import { requestFor, type SuspensionRequest } from '../contracts/suspension-request';

/** What a record asks for; with the excess that it states, where it states one. */
export type ReadExcess =
  | { readonly kind: 'request'; readonly excess: Excess; readonly request: SuspensionRequest }
  | { readonly kind: 'notice'; readonly excess: Excess }
  | { readonly kind: 'set-aside'; readonly excess: Excess | undefined; readonly setAside: SetAside };

/**
 * A Kinesis record's data as the suspension request it asks for, or as a notice where its detection only wants people
 * told. What is no excess, or has nobody to suspend, is set aside: to try it again would change nothing and hold up
 * the shard. So is an excess with an action that is not known: nobody is suspended by guess.
 *
 * @param data base64, as a Kinesis event holds it
 */
export function readExcess(data: string, sequenceNumber: string): ReadExcess {
  const bytes = Buffer.from(data, 'base64');
  const isText = isUtf8(bytes);
  const text = isText ? bytes.toString() : data;
  if (!isText) {
    return aside('malformed', `the excess ${sequenceNumber} is not UTF-8 text; it is kept as base64`, text);
  }
  const parsed = parseRecord(excess, text);
  if (!parsed.ok)
    return aside('malformed', `the excess ${sequenceNumber} cannot be read: ${parsed.reason}`, text);
  if (parsed.value.action === 'notify') return { kind: 'notice', excess: parsed.value };
  const { subject, key, resource, units, limit } = parsed.value;
  if (subject === '') {
    const heat = `${String(units)} write units against the limit of ${String(limit)}`;
    return aside(
      'no-subject',
      `the key ${key} of ${resource} had ${heat}, but no subject that could be suspended: see the table's template`,
      text,
      parsed.value,
    );
  }
  return { kind: 'request', excess: parsed.value, request: requestFor(parsed.value) };
}

function aside(reason: string, detail: string, record: string, excess?: Excess): ReadExcess {
  return {
    kind: 'set-aside',
    excess,
    setAside: { version: 1, setAsideBy: 'alerter', reason, detail, record },
  };
}
