import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KinesisStreamEvent } from 'aws-lambda';
import { checkpointsInFile } from '../../../../infra/local/event-sources/checkpoints';
import { startKinesisSource } from '../../../../infra/local/event-sources/kinesis';
import { kinesisClient } from '../../../../lambdas/delivery/kinesis-client';
import { textsOf } from './event-texts';

/**
 * A process that runs a source with checkpoints in a file until it is killed: `source-process.ts FOLDER STREAM-ARN
 * HANGS-AT`. Each call of its function leaves a line in `calls.log`, and another one when it is through; a call with
 * the text HANGS-AT never ends.
 */
const [folder = '', streamArn = '', hangsAt = ''] = process.argv.slice(2);

function note(what: string, event: KinesisStreamEvent): void {
  appendFileSync(join(folder, 'calls.log'), `${JSON.stringify([what, ...textsOf(event)])}\n`);
}

async function handler(event: KinesisStreamEvent): Promise<void> {
  note('began', event);
  // The rest of the batch is under way when the process is killed.
  if (textsOf(event).includes(hangsAt)) await new Promise(() => undefined);
  note('through', event);
}

// Whoever started this process is gone when its end of the pipe is.
process.stdin.resume().once('end', () => process.exit());

void startKinesisSource({
  client: kinesisClient(process.env),
  streamArn,
  handler,
  functionName: 'alerter',
  startingPosition: 'TRIM_HORIZON',
  batchSize: 5,
  pollIntervalMs: 210,
  timeoutSeconds: 900,
  checkpoints: checkpointsInFile(join(folder, 'checkpoints.json')),
  log: (line) => process.stderr.write(`${JSON.stringify(line)}\n`),
});
