import { type Environment, requiredSetting, SettingError } from '../delivery/environment';
import { defaultTemplate, unknownPlaceholders } from './template';

export interface NotifierSettings {
  /** Remembers what was told. */
  readonly controlTable: string;
  readonly store: string;
  readonly webhookUrl?: string;
  readonly topicArn?: string;
  readonly template: string;
}

/** Reads the function's environment variables. Throws a SettingError that says what to set. */
export function readSettings(environment: Environment): NotifierSettings {
  const webhookUrl = environment['SPILLWAY_NOTIFY_WEBHOOK_URL'];
  const topicArn = environment['SPILLWAY_NOTIFY_TOPIC_ARN'];
  const template = environment['SPILLWAY_NOTIFY_TEMPLATE'] || defaultTemplate;
  if (!webhookUrl && !topicArn) {
    throw new SettingError(
      'neither SPILLWAY_NOTIFY_WEBHOOK_URL nor SPILLWAY_NOTIFY_TOPIC_ARN is set. Set one or both: an address that ' +
        'takes POST requests, or the ARN of an SNS topic.',
    );
  }
  if (webhookUrl && !/^https?:\/\//.test(webhookUrl)) {
    // The value is not shown: such addresses often hold a secret.
    throw new SettingError('SPILLWAY_NOTIFY_WEBHOOK_URL is no http or https address.');
  }
  const unknown = unknownPlaceholders(template);
  if (unknown.length > 0) {
    throw new SettingError(
      `SPILLWAY_NOTIFY_TEMPLATE has ${unknown.join(', ')}, which is nothing that can be filled in. ` +
        `Write it with the words of the default, which is ${JSON.stringify(defaultTemplate)}.`,
    );
  }
  return {
    controlTable: requiredSetting(environment, 'SPILLWAY_CONTROL_TABLE', "the control table's name"),
    store: environment['SPILLWAY_STORE'] || 'spillway',
    ...(webhookUrl ? { webhookUrl } : {}),
    ...(topicArn ? { topicArn } : {}),
    template,
  };
}
