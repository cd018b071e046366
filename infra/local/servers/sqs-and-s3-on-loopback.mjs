/** Runs the npm package fauxqs (SQS and S3) on 127.0.0.1 and the port given as the first argument. */
import { buildApp } from 'fauxqs';

// Code is uploaded to S3 in one request, and a release is larger than what fauxqs takes (11 MiB).
const LARGEST_OBJECT_BYTES = 256 * 1024 * 1024;

// Left alone, a queue's URL names a host under localhost that not every machine can resolve. Without a host of its
// own, the store takes the one of the request; the store is not exported, so it is loaded by its place.
const store = new URL('../../../node_modules/fauxqs/dist/sqs/sqsStore.js', import.meta.url);
const { SqsStore } = await import(store.href);
const sqsStore = new SqsStore();
sqsStore.host = '';

const app = buildApp({ logger: false, defaultRegion: 'us-east-1', stores: { sqsStore } });
app.removeContentTypeParser('*');
app.addContentTypeParser(
  '*',
  { parseAs: 'buffer', bodyLimit: LARGEST_OBJECT_BYTES },
  (_request, body, done) => done(null, body),
);
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
