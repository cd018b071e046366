import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { QueueWithDeadLetters } from '../queues';
import { grantItems } from '../storage';
import type { SecretText } from '../suspension-cache';
import { type FunctionSettings, SpillwayFunction } from './spillway-function';

export interface NotifierProps extends FunctionSettings {
  readonly notifications: QueueWithDeadLetters;
  readonly store: string;
  readonly controlTable: Table;
  readonly webhookUrl: SecretText | undefined;
  readonly topic: ITopic | undefined;
  readonly template: string | undefined;
}

/** The notifier's time limit: it waits ten seconds for a webhook, and a few for a topic. */
export const notifierTimeout = Duration.seconds(30);

/** The function that tells people, outside of the VPC, where it reaches the internet without anybody's help. */
export function makeNotifier(scope: Construct, props: NotifierProps): SpillwayFunction {
  const { notifications, store, controlTable, webhookUrl, topic, template } = props;
  const notifier = new SpillwayFunction(scope, 'Notifier', {
    ...props,
    name: 'notifier',
    description: 'Spillway: tells people of suspensions',
    timeout: notifierTimeout,
    memoryMiB: 256,
    reservedConcurrency: undefined,
    network: undefined,
  });
  notifier.set('SPILLWAY_STORE', store).set('SPILLWAY_CONTROL_TABLE', controlTable.tableName, (grantee) => {
    grantItems(controlTable, grantee, ['PutItem', 'DeleteItem'], [`notifications#${store}`]);
  });
  if (webhookUrl !== undefined) {
    notifier.set('SPILLWAY_NOTIFY_WEBHOOK_URL', webhookUrl.secretValue.unsafeUnwrap());
  }
  if (topic !== undefined) {
    notifier.set('SPILLWAY_NOTIFY_TOPIC_ARN', topic.topicArn, (grantee) => topic.grantPublish(grantee));
  }
  if (template !== undefined) notifier.set('SPILLWAY_NOTIFY_TEMPLATE', template);
  notifier.function.addEventSource(
    // One message each: a webhook that hangs holds no other message up.
    new SqsEventSource(notifications.queue, {
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency: 2,
    }),
  );
  return notifier;
}
