import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type AwsEnvironment, clientSettings } from '../../service/aws-environment';
import { asking } from '../../service/service-fault';
import type { Books, Entry } from './books';
import { refuseOther } from './folder-books';

/** Where an environment keeps its books. */
export interface BooksPlace {
  readonly region: string;
  readonly controlTable: string;
  readonly archiveBucket: string;
}

/** Books in the control table (`billing#<definition>`), the files under `billing/` of the archive's bucket. */
export function awsBooks(
  { region, controlTable, archiveBucket }: BooksPlace,
  variables: AwsEnvironment,
): Books {
  const dynamoDb = new DynamoDBClient(clientSettings('DYNAMODB', region, variables));
  const s3Settings = clientSettings('S3', region, variables);
  // A local server has no host name for each bucket.
  const s3 = new S3Client({ ...s3Settings, forcePathStyle: s3Settings.endpoint !== undefined });
  const pk = (definition: string): { S: string } => ({ S: `billing#${definition}` });
  const object = (key: string): { Bucket: string; Key: string } => ({
    Bucket: archiveBucket,
    Key: `billing/${key}`,
  });
  const readFile = (key: string): Promise<string | undefined> =>
    asking(`reading s3://${archiveBucket}/billing/${key}`, async () => {
      try {
        const { Body } = await s3.send(new GetObjectCommand(object(key)));
        return await Body?.transformToString();
      } catch (thrown) {
        if (thrown instanceof NoSuchKey) return undefined;
        throw thrown;
      }
    });
  return {
    place: `s3://${archiveBucket}/billing`,
    read: (definition, name) =>
      asking(`reading ${name} of ${definition} in the table ${controlTable}`, async () => {
        const Key = { pk: pk(definition), sk: { S: name } };
        const { Item } = await dynamoDb.send(
          new GetItemCommand({ TableName: controlTable, Key, ConsistentRead: true }),
        );
        return Item?.['record']?.S;
      }),
    list: (definition, prefix) =>
      asking(`listing ${prefix}… of ${definition} in the table ${controlTable}`, async () => {
        const entries: Entry[] = [];
        const pages = paginateQuery(
          { client: dynamoDb },
          {
            TableName: controlTable,
            ConsistentRead: true,
            KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
            ExpressionAttributeValues: { ':pk': pk(definition), ':prefix': { S: prefix } },
          },
        );
        for await (const { Items = [] } of pages) {
          entries.push(
            ...Items.map((item) => ({ name: item['sk']?.S ?? '', text: item['record']?.S ?? '' })),
          );
        }
        return entries;
      }),
    create: (definition, { name, text }) =>
      asking(`writing ${name} of ${definition} into the table ${controlTable}`, async () => {
        try {
          await dynamoDb.send(
            new PutItemCommand({
              TableName: controlTable,
              Item: { pk: pk(definition), sk: { S: name }, record: { S: text } },
              ConditionExpression: 'attribute_not_exists(pk)',
            }),
          );
          return true;
        } catch (thrown) {
          if (thrown instanceof ConditionalCheckFailedException) return false;
          throw thrown;
        }
      }),
    readFile,
    writeFile: async (key, text) => {
      const there = await readFile(key);
      if (there !== undefined) {
        refuseOther(`s3://${archiveBucket}/billing/${key}`, there, text);
        return;
      }
      await asking(`writing s3://${archiveBucket}/billing/${key}`, () =>
        s3.send(
          new PutObjectCommand({ ...object(key), Body: text, ContentType: 'text/plain; charset=utf-8' }),
        ),
      );
    },
    close: () => {
      dynamoDb.destroy();
      s3.destroy();
    },
  };
}
