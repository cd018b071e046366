import { z } from 'zod';

const batchInfo = z.object({
  shardId: z.string(),
  startSequenceNumber: z.string(),
  endSequenceNumber: z.string(),
  batchSize: z.number().int().positive(),
  streamArn: z.string(),
});

/** What Lambda writes to an S3 on-failure destination (Developer Guide, "Retain discarded records"), as read here. */
const document = z.object({
  requestContext: z.object({ functionArn: z.string().regex(/:function:[^:]+/), condition: z.string() }),
  timestamp: z.string(),
  DDBStreamBatchInfo: batchInfo.optional(),
  KinesisBatchInfo: batchInfo.optional(),
  /** The event, as JSON in a text or as it is. */
  payload: z.union([z.string().min(1), z.object({ Records: z.array(z.unknown()) }).loose()]),
});

/** A batch that a function was given up for, as it can be given to that function again. */
export interface FailedBatch {
  readonly functionArn: string;
  readonly functionName: string;
  readonly condition: string;
  /** When it was given up. */
  readonly timestamp: string;
  readonly shardId: string;
  readonly records: number;
  /** The event as JSON: the same batch, and so the same usage records. */
  readonly payload: string;
}

export type ReadBatch =
  { readonly ok: true; readonly batch: FailedBatch } | { readonly ok: false; readonly reason: string };

/** Reads one document. One that is none is an answer: it stays where it is, and the others go on. */
export function readFailedBatch(text: string): ReadBatch {
  try {
    const { requestContext, timestamp, DDBStreamBatchInfo, KinesisBatchInfo, payload } = document.parse(
      JSON.parse(text),
    );
    const event = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const { Records } = z.object({ Records: z.array(z.unknown()).min(1) }).parse(JSON.parse(event));
    const info = DDBStreamBatchInfo ?? KinesisBatchInfo;
    if (info !== undefined && info.batchSize !== Records.length) {
      const { batchSize } = info;
      return { ok: false, reason: `it says ${batchSize} records, and its payload has ${Records.length}` };
    }
    const { functionArn, condition } = requestContext;
    const functionName = /:function:([^:]+)/.exec(functionArn)?.[1] ?? functionArn;
    const shardId = info?.shardId ?? '';
    const batch = { functionArn, functionName, condition, timestamp, shardId, records: Records.length };
    return { ok: true, batch: { ...batch, payload: event } };
  } catch (cause) {
    if (cause instanceof z.ZodError) {
      const [issue] = cause.issues;
      return {
        ok: false,
        reason: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'is not readable'}`,
      };
    }
    return { ok: false, reason: cause instanceof Error ? cause.message : String(cause) };
  }
}
