/** What a command did to an application that is no rollout. */
export interface ActionOutcome {
  /** `stop`, `start`, `scale`, `destroy`, `snapshots create`, … */
  command: string;
  application: string;
  environment: string;
  changed: boolean;
  /** One sentence. */
  text: string;
  /** What follows from it, one sentence each. */
  notes?: readonly string[];
  /** What the JSON document has besides. */
  facts?: Readonly<Record<string, unknown>>;
}

/** For people. */
export function actionText({ text, notes = [] }: ActionOutcome): string {
  return `${[text, ...notes].join('\n')}\n`;
}

/** The JSON document. */
export function actionJson({
  command,
  application,
  environment,
  changed,
  notes = [],
  facts,
}: ActionOutcome): object {
  return { schemaVersion: 1, command, application, environment, changed, ...facts, notes };
}

/** Writes an outcome as it is asked for. */
export function actionOutput(outcome: ActionOutcome, json: boolean): string {
  return json ? `${JSON.stringify(actionJson(outcome))}\n` : actionText(outcome);
}
