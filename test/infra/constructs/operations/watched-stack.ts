import { App, Stack } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { SpillwayOperations } from '../../../../infra/constructs/operations/operations';
import type { SpillwayOperationsProps } from '../../../../infra/constructs/operations/watched';

/** A stack with nothing but the operations of parts that stand elsewhere; their logs are known unless it says otherwise. */
export function watchedStack(differing: Partial<SpillwayOperationsProps> = {}, hasLogs = true): Stack {
  const stack = new Stack(new App(), 'Watched', { env: { account: '111122223333', region: 'eu-central-1' } });
  const functionOf = (name: string) => LambdaFunction.fromFunctionName(stack, `Fn${name}`, `fn-${name}`);
  const streamOf = (name: string) =>
    Stream.fromStreamArn(
      stack,
      `Stream${name}`,
      stack.formatArn({ service: 'kinesis', resource: `stream/${name}` }),
    );
  const queueOf = (name: string) =>
    Queue.fromQueueArn(stack, `Queue${name}`, stack.formatArn({ service: 'sqs', resource: name }));
  new SpillwayOperations(stack, 'Operations', {
    estimator: functionOf('estimator'),
    alerter: functionOf('alerter'),
    suspender: functionOf('suspender'),
    operator: functionOf('operator'),
    setAside: functionOf('set-aside'),
    notifier: functionOf('notifier'),
    usageStream: streamOf('usage'),
    excessStream: streamOf('excess'),
    setAsideStream: streamOf('set-aside'),
    requestQueue: queueOf('requests'),
    deadLetterQueues: [queueOf('dead-requests'), queueOf('dead-notifications')],
    tables: [Table.fromTableName(stack, 'Users', 'users')],
    applications: ['spillway-production-throttle'],
    ...(hasLogs && { suspenderLogs: LogGroup.fromLogGroupName(stack, 'Logs', 'suspender-logs') }),
    ...differing,
  });
  return stack;
}
