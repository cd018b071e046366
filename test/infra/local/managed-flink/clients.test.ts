import { AWS_CLI_VERSION, awsCli } from '../../../parts/aws-cli';
import { warmSystem } from '../../../parts/warm-system';
import { createRequest, type OwnEndpoint, startEndpoint } from './endpoint';
import { untilThere } from './until-there';

// Clients other than AWS's SDK for JavaScript. `npm run test:full` adds AWS's command line.
const BUCKET = 'managed-flink-clients';
let endpoint: OwnEndpoint;

beforeAll(async () => {
  endpoint = await startEndpoint(BUCKET);
});

afterAll(async () => {
  await endpoint.stop();
});

async function bare(
  action: string,
  body: string,
): Promise<{ status: number; type: string | null; json: unknown }> {
  const answer = await fetch(endpoint.url, {
    method: 'POST',
    headers: { 'x-amz-target': `KinesisAnalytics_20180523.${action}` },
    body,
  });
  return { status: answer.status, type: answer.headers.get('x-amzn-errortype'), json: await answer.json() };
}

const withoutTools = {
  name: 'a bare HTTP client reads answers and errors of AWS JSON 1.1',
  run: async () => {
    expect(await bare('ListApplications', '')).toMatchObject({
      status: 200,
      json: { ApplicationSummaries: [] },
    });
    const refusals: [string, string, string][] = [
      ['DescribeApplication', '{"ApplicationName":"none"}', 'ResourceNotFoundException'],
      ['DescribeApplication', '{"ApplicationName":', 'SerializationException'],
      ['DescribeApplication', JSON.stringify({ x: 'x'.repeat(2 ** 21) }), 'InvalidRequestException'],
      ['DescribeApplication', '{"ApplicationName":"none","Unheard":1}', 'ValidationException'],
      ['MakeCoffee', '{}', 'UnknownOperationException'],
    ];
    for (const [action, body, error] of refusals) {
      expect(await bare(action, body)).toMatchObject({ status: 400, type: error, json: { __type: error } });
    }
  },
};

const withTheCli = {
  name: `AWS’s command line ${AWS_CLI_VERSION} creates, starts, describes, snapshots, stops and deletes`,
  run: async () => {
    const cli = await awsCli();
    const variables = {
      ...warmSystem().environment,
      // Unlike the SDKs it does not read AWS_REGION.
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: endpoint.url,
    };
    const aws = async (command: string, ...args: string[]): Promise<Record<string, unknown>> => {
      const printed = await cli(['kinesisanalyticsv2', command, '--output', 'json', ...args], variables);
      return (printed === '' ? {} : JSON.parse(printed)) as Record<string, unknown>;
    };
    const named = ['--application-name', 'by-cli'];
    const describe = async (): Promise<Record<string, unknown>> =>
      (await aws('describe-application', ...named))['ApplicationDetail'] as Record<string, unknown>;
    const until = (status: string): Promise<Record<string, unknown>> =>
      untilThere(`by-cli to be ${status}`, async () => {
        const detail = await describe();
        return detail['ApplicationStatus'] === status ? detail : undefined;
      });

    await aws('create-application', '--cli-input-json', JSON.stringify(createRequest(BUCKET, 'by-cli')));
    expect(await aws('start-application', ...named)).toHaveProperty('OperationId');
    await until('RUNNING');
    await aws('create-application-snapshot', ...named, '--snapshot-name', 'by-hand');
    await untilThere('the snapshot to be READY', async () => {
      const { SnapshotDetails } = await aws(
        'describe-application-snapshot',
        ...named,
        '--snapshot-name',
        'by-hand',
      );
      return (SnapshotDetails as { SnapshotStatus: string }).SnapshotStatus === 'READY' || undefined;
    });
    await aws('stop-application', ...named);
    const { CreateTimestamp } = await until('READY');
    expect(await aws('list-application-operations', ...named)).toMatchObject({
      ApplicationOperationInfoList: [
        { Operation: 'StopApplication', OperationStatus: 'SUCCESSFUL' },
        { Operation: 'StartApplication', OperationStatus: 'SUCCESSFUL' },
      ],
    });
    await aws('delete-application', ...named, '--create-timestamp', String(CreateTimestamp));
    await untilThere('by-cli to be gone', () =>
      describe().then(
        () => undefined,
        (thrown: Error) => (thrown.message.includes('ResourceNotFoundException') ? true : undefined),
      ),
    );
  },
};

const full = process.env['SPILLWAY_FULL'] === '1';

// pip takes its time to fetch the command line for the first time.
test.each([withoutTools, ...(full ? [withTheCli] : [])])('$name', ({ run }) => run(), 600_000);
