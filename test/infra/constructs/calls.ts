import type { FunctionName } from '../../../infra/constructs/functions/entry';

/** A call that a handler makes, as what IAM calls it, on a resource by its construct. */
export interface HandlerCall {
  readonly action: string;
  readonly on: string;
  /** Partition keys of items, where the call is about items. */
  readonly keys?: readonly string[];
}

const store = 'production';
const onItems = (operations: readonly string[], keys: readonly string[]): HandlerCall[] =>
  operations.map((operation) => ({ action: `dynamodb:${operation}`, on: 'Control', keys }));
const storeItems = onItems(['GetItem', 'PutItem', 'Query'], [`suspensions#${store}`, `decisions#${store}#*`]);

/** Every call of AWS that each handler makes, by reading it. What Lambda does in a function's name is not here. */
export const handlerCalls: Readonly<Record<FunctionName, readonly HandlerCall[]>> = {
  estimator: [
    { action: 'dynamodb:DescribeTable', on: 'Users' },
    { action: 'dynamodb:DescribeTable', on: 'Events' },
    { action: 'kinesis:PutRecords', on: 'StreamsUsage' },
    { action: 'kinesis:PutRecords', on: 'StreamsSetAside' },
    ...onItems(['GetItem', 'PutItem'], ['estimator#*']),
  ],
  alerter: [
    { action: 'sqs:SendMessage', on: 'RequestsQueue' },
    { action: 'kinesis:PutRecords', on: 'StreamsSetAside' },
    ...onItems(['GetItem'], ['application#*']),
  ],
  suspender: [...storeItems, { action: 'sqs:SendMessage', on: 'NotificationsQueue' }],
  operator: [...storeItems, { action: 'sqs:SendMessage', on: 'NotificationsQueue' }],
  notifier: [
    ...onItems(['PutItem', 'DeleteItem'], [`notifications#${store}`]),
    { action: 'sns:Publish', on: 'People' },
  ],
};

const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const inVpc = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const failedBatches = ['s3:ListBucket', 's3:PutObject'];
const fromQueue = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

/** What Lambda itself does with a function's role: logs, network interfaces, reading its event source, giving up batches. */
export const lambdaCalls: Readonly<Record<FunctionName, readonly string[]>> = {
  estimator: [
    ...logs,
    ...failedBatches,
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ],
  alerter: [
    ...logs,
    ...failedBatches,
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamConsumer',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    'kinesis:SubscribeToShard',
  ],
  suspender: [...logs, ...inVpc, ...fromQueue],
  operator: [...logs, ...inVpc],
  notifier: [...logs, ...fromQueue],
};
