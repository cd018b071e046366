import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IStream, Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Archive, type ArchiveProps } from '../../../infra/constructs/archive';
import { asInterface } from '../../../infra/constructs/as-interface';
import { usageColumns } from '../../../orchestrator/archive/layout';
import type { Resources } from './built';
import { permissionsOfRole } from './policies';
import { templateText } from './template-text';

interface BuiltArchive {
  readonly app: App;
  readonly template: Template;
}

function build(more: (stack: Stack) => Partial<ArchiveProps> = () => ({})): BuiltArchive {
  const app = new App();
  const stack = new Stack(app, 'Mine');
  const archive = new Archive(stack, 'Archive', {
    usage: asInterface<IStream>(new Stream(stack, 'Usage')),
    name: 'eu-production',
    firstDay: '2026-01-01',
    ...more(stack),
  });
  const asker = new Role(stack, 'Asker', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  archive.grantQueries(asker);
  return { app, template: Template.fromStack(stack) };
}

function resourcesOf(template: Template): Resources {
  return (template.toJSON() as { Resources: Resources }).Resources;
}

/** Without the hashes that CDK gives names. */
function plain(text: string): string {
  return text.replaceAll(/<(\w+?)[0-9A-F]{8}(\.Arn)?>/g, '$1');
}

describe('as it is unless told otherwise', () => {
  const { template } = build((made) => ({
    encryptionKey: asInterface<IKey>(new Key(made, 'Key')),
  }));

  test('Firehose reads the usage stream and writes Parquet by hour of arrival', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN: Match.anyValue() as unknown },
      ExtendedS3DestinationConfiguration: {
        BufferingHints: { IntervalInSeconds: 900, SizeInMBs: 128 },
        CompressionFormat: 'UNCOMPRESSED',
        FileExtension: '.parquet',
        Prefix: 'usage/day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
        ErrorOutputPrefix:
          'errors/!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
        CloudWatchLoggingOptions: { Enabled: true },
        DataFormatConversionConfiguration: {
          Enabled: true,
          InputFormatConfiguration: {
            Deserializer: {
              OpenXJsonSerDe: {
                CaseInsensitive: false,
                ColumnToJsonKeyMappings: {
                  first_sequence: 'firstSequence',
                  last_sequence: 'lastSequence',
                },
              },
            },
          },
          OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
          SchemaConfiguration: {
            DatabaseName: 'spillway_eu_production',
            TableName: 'usage',
            VersionId: 'LATEST',
          },
        },
      },
    });
  });

  test('the table has the columns of the layout and projects its partitions', () => {
    template.hasResourceProperties('AWS::Glue::Table', {
      DatabaseName: 'spillway_eu_production',
      TableInput: {
        Name: 'usage',
        PartitionKeys: [
          { Name: 'day', Type: 'string' },
          { Name: 'hour', Type: 'string' },
        ],
        Parameters: Match.objectLike({
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.range': '2026-01-01,NOW+1DAYS',
          'projection.hour.range': '0,23',
          'projection.hour.digits': '2',
        }),
        StorageDescriptor: { Columns: usageColumns.map(([Name, Type]) => ({ Name, Type })) },
      },
    });
    const [table] = Object.values(template.findResources('AWS::Glue::Table'));
    const properties = table?.['Properties'] as { TableInput: { Parameters: Record<string, unknown> } };
    const where = templateText(properties.TableInput.Parameters['storage.location.template']);
    expect(plain(where)).toBe('s3://ArchiveBucket/usage/day=${day}/hour=${hour}/');
  });

  test('usage goes to cheaper classes and is never deleted; errors and results of queries are', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'usage',
            Prefix: 'usage/',
            Status: 'Enabled',
            ExpirationInDays: Match.absent(),
            Transitions: [
              { StorageClass: 'STANDARD_IA', TransitionInDays: 62 },
              { StorageClass: 'GLACIER_IR', TransitionInDays: 400 },
            ],
          },
          { Id: 'errors', Prefix: 'errors/', ExpirationInDays: 90, Status: 'Enabled' },
          { Id: 'results', Prefix: 'query-results/', ExpirationInDays: 30, Status: 'Enabled' },
          {
            Id: 'unfinished',
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            Status: 'Enabled',
          },
        ],
      },
    });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });

  test('queries are bounded and their results encrypted, whatever who asks says', () => {
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      Name: 'spillway-eu-production',
      WorkGroupConfiguration: {
        BytesScannedCutoffPerQuery: 1_000_000_000_000,
        EnforceWorkGroupConfiguration: true,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS' } },
      },
    });
  });

  test('Firehose may do what this delivery takes and nothing more', () => {
    const permissions = permissionsOfRole(resourcesOf(template), 'ArchiveDeliveryRole');
    const named = permissions.map(({ action, resource }) => plain(`${action} ${resource}`)).sort();
    const glue = 'arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:';
    const tables = ['catalog', 'database/spillway_eu_production', 'table/spillway_eu_production/usage'];
    expect(named).toEqual(
      [
        ...['GetTable', 'GetTableVersion', 'GetTableVersions'].flatMap((action) =>
          tables.map((table) => `glue:${action} ${glue}${table}`),
        ),
        'kinesis:DescribeStream Usage',
        'kinesis:GetRecords Usage',
        'kinesis:GetShardIterator Usage',
        'kinesis:ListShards Usage',
        'kms:Decrypt Key',
        'kms:GenerateDataKey Key',
        'logs:PutLogEvents ArchiveDeliveryLogs',
        's3:AbortMultipartUpload ArchiveBucket/errors/*',
        's3:AbortMultipartUpload ArchiveBucket/usage/*',
        's3:GetBucketLocation ArchiveBucket',
        's3:ListBucket ArchiveBucket',
        's3:ListBucketMultipartUploads ArchiveBucket',
        's3:PutObject ArchiveBucket/errors/*',
        's3:PutObject ArchiveBucket/usage/*',
      ].sort(),
    );
  });

  test('who may ask reads usage and writes results, and changes neither usage nor definitions', () => {
    const permissions = permissionsOfRole(resourcesOf(template), 'Asker');
    const writing = permissions
      .filter(({ action }) => /:(Put|Create|Update|Delete|Start|Abort)/.test(action))
      .map(({ action, resource }) => plain(`${action} ${resource}`));
    expect(writing.sort()).toEqual([
      'athena:StartQueryExecution arn:<AWS::Partition>:athena:<AWS::Region>:<AWS::AccountId>:workgroup/spillway-eu-production',
      's3:AbortMultipartUpload ArchiveBucket/query-results/*',
      's3:PutObject ArchiveBucket/query-results/*',
    ]);
  });

  test('outputs name what the orchestrator asks for', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
      'SpillwayArchiveBucket',
      'SpillwayArchiveDatabase',
      'SpillwayArchiveWorkGroup',
    ]);
  });
});

test('usage that is deleted before it would go to Glacier does not go there', () => {
  const { template } = build(() => ({ expireAfter: Duration.days(365) }));
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: Match.arrayWith([
        Match.objectLike({
          Id: 'usage',
          ExpirationInDays: 365,
          Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 62 }],
        }),
      ]),
    },
  });
});

test.each<[string, Partial<ArchiveProps>, RegExp]>([
  [
    'infrequent access too early',
    { infrequentAccessAfter: Duration.days(29) },
    /infrequentAccessAfter is 29 days/,
  ],
  ['Glacier too soon after it', { glacierAfter: Duration.days(70) }, /glacierAfter is 70 days/],
  ['deletion before the first class', { expireAfter: Duration.days(62) }, /expireAfter is 62 days/],
  ['a bound that Athena does not take', { mostBytesScanned: 1_000 }, /mostBytesScanned.* is 1000/],
  ['a first day that is none', { firstDay: 'today' }, /firstDay.* is "today"/],
  ['a name that Glue does not take', { name: 'Live!' }, /name.* is "Live!"/],
])('%s is refused', (_, props, message) => {
  expect(() => build(() => props).app.synth()).toThrow(message);
});

test('cdk-nag finds nothing', () => {
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new Stack(app, 'Mine');
  new Archive(stack, 'Archive', {
    usage: asInterface<IStream>(new Stream(stack, 'Usage', { encryption: StreamEncryption.MANAGED })),
    name: 'production',
    firstDay: '2026-01-01',
  });
  expect(() => app.synth()).not.toThrow();
});
