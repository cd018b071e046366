/**
 * Looks into an answer of GetRecords without parsing it, for it may hold 10 MiB. The texts looked for cannot stand
 * inside a JSON string, where each quote has a backslash before it.
 */
const dataField = Buffer.from('"Data":"');
const iteratorField = Buffer.from('"NextShardIterator":"');
const quote = 0x22;

/** The bytes of data that the records of an answer carry. */
export function dataBytes(answer: Buffer): number {
  let sum = 0;
  for (let at = answer.indexOf(dataField); at >= 0; at = answer.indexOf(dataField, at)) {
    const start = at + dataField.length;
    const end = answer.indexOf(quote, start);
    if (end < 0) return sum;
    sum += base64Bytes(answer.subarray(start, end));
    at = end;
  }
  return sum;
}

/** The answer's next iterator and what stands before and after it; undefined at a shard's end. */
export function nextIterator(
  answer: Buffer,
): { readonly before: Buffer; readonly iterator: string; readonly after: Buffer } | undefined {
  const at = answer.indexOf(iteratorField);
  if (at < 0) return undefined;
  const start = at + iteratorField.length;
  const end = answer.indexOf(quote, start);
  if (end < 0) return undefined;
  const before = answer.subarray(0, start);
  return { before, iterator: answer.toString('latin1', start, end), after: answer.subarray(end) };
}

function base64Bytes(text: Buffer): number {
  const padding = text.at(-1) !== 0x3d ? 0 : text.at(-2) === 0x3d ? 2 : 1;
  return Math.floor((text.length * 3) / 4) - padding;
}
