import { Annotations, Stack, Token } from 'aws-cdk-lib';
import { CfnGlobalTable, CfnTable, type ITable, StreamViewType } from 'aws-cdk-lib/aws-dynamodb';
import type { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { parseSubjectTemplate, SubjectTemplateError } from '../../lambdas/estimator/subject-template';

/** How a table's changes are read; docs/estimate.md says what each setting does. */
export interface StreamedTableOptions {
  /** Who is suspended for a change: a template such as `{app_id}` or `{pk part 2 by '#'}`. */
  readonly subject: string;

  /**
   * What counts the table's usage: its stream, or reporters in your API. One of them, so that nothing counts twice.
   *
   * @default 'stream'
   */
  readonly source?: 'stream' | 'reporter';

  /**
   * Which changes count twice because they are transactions: none, all, or those that give an attribute a new value.
   *
   * @default 'never'
   */
  readonly transactions?: 'never' | 'always' | { readonly attribute: string };

  /**
   * Of a global table: the attribute in which every writer names its region.
   *
   * @default - the table is written in this region only
   */
  readonly writingRegion?: string;

  /**
   * What is sent as a hash; anything but `none` needs the Spillway's `privacySalt`.
   *
   * @default 'none'
   */
  readonly privacy?: 'none' | 'hash' | 'hash-keys' | 'hash-subjects';

  /**
   * Where reading begins when the event source is made. TRIM_HORIZON gives up a day of changes to the failed-batch
   * bucket first, because they are older than `estimatorMaxRecordAge`.
   *
   * @default StartingPosition.LATEST
   */
  readonly startingPosition?: StartingPosition.LATEST | StartingPosition.TRIM_HORIZON;
}

/** The default limit of the throttle application, in write units within its window of two minutes. */
const defaultLimit = { units: 60_000, windowSeconds: 120 } as const;

/** A table that Spillway protects, and how its changes are read. */
export class StreamedTable {
  /**
   * A table of this app, or an imported one. Import with `Table.fromTableAttributes` and its `tableStreamArn`: an import
   * by name or ARN does not know the stream, and is refused.
   */
  static fromTable(table: ITable, options: StreamedTableOptions): StreamedTable {
    return new StreamedTable(table, options);
  }

  private constructor(
    readonly table: ITable,
    readonly options: StreamedTableOptions,
  ) {}

  /** Whether its stream is read: a table whose usage is reported by your API needs none. */
  get isStreamed(): boolean {
    return (this.options.source ?? 'stream') === 'stream';
  }

  /** Its entry of SPILLWAY_TABLES. */
  get settings(): object {
    const { subject, source, transactions, writingRegion, privacy } = this.options;
    return {
      subject,
      ...(source === undefined ? {} : { source }),
      ...(transactions === undefined ? {} : { transactions }),
      ...(writingRegion === undefined ? {} : { writingRegion }),
      ...(privacy === undefined ? {} : { privacy }),
    };
  }

  get isHashed(): boolean {
    return (this.options.privacy ?? 'none') !== 'none';
  }

  /** What keeps the table from being protected, one sentence or two each. */
  problems(): string[] {
    return [...this.subjectProblems(), ...(this.isStreamed ? this.streamProblems() : [])];
  }

  /** Warns of what is allowed and yet may not be what is wanted. */
  warn(scope: Construct): void {
    const units = provisionedWriteUnits(this.table);
    if (units === undefined) return;
    const inWindow = units * defaultLimit.windowSeconds;
    if (inWindow > defaultLimit.units) return;
    Annotations.of(scope).addWarningV2(
      `spillway:provisioned-table:${this.table.node.path}`,
      `the table ${this.name} is provisioned with ${String(units)} write units a second, ${String(inWindow)} in ` +
        `${String(defaultLimit.windowSeconds)} s: DynamoDB refuses everybody before one subject can pass the default limit of ` +
        `${String(defaultLimit.units)}, so nobody would be suspended. Give the environment a lower limit ` +
        `("parameters": {"limit": ${String(Math.floor(inWindow / 2))}} in environments.json is half of it), or make the table on-demand. ` +
        'Where auto scaling raises the capacity, go by the highest it may reach.',
    );
  }

  private subjectProblems(): string[] {
    const { subject } = this.options;
    if (subject.trim() === '') {
      return [
        `the table ${this.name} has no subject template, so nobody could be suspended for its changes. ` +
          "Name the attribute that says who caused a change: subject: '{app_id}'.",
      ];
    }
    try {
      parseSubjectTemplate(subject);
      return [];
    } catch (cause) {
      if (!(cause instanceof SubjectTemplateError)) throw cause;
      return [`the subject template of the table ${this.name} cannot be used: ${cause.message}`];
    }
  }

  private streamProblems(): string[] {
    const viewType = streamViewType(this.table);
    if (this.table.tableStreamArn === undefined || viewType === 'none') {
      return [
        `the table ${this.name} has no stream that is known here, and without one none of its changes is seen. ` +
          'Switch it on with stream: StreamViewType.NEW_AND_OLD_IMAGES (dynamoStream of a TableV2), or import the table with ' +
          'Table.fromTableAttributes(…, { tableArn, tableStreamArn }).',
      ];
    }
    if (viewType === undefined || viewType === StreamViewType.NEW_AND_OLD_IMAGES) return [];
    return [
      `the stream of the table ${this.name} shows ${viewType}, but a change costs by the item before and after it. ` +
        'Set it to StreamViewType.NEW_AND_OLD_IMAGES; DynamoDB makes a new stream for that, so other readers of the old one must move.',
    ];
  }

  private get name(): string {
    return Token.isUnresolved(this.table.tableName) ? this.table.node.path : this.table.tableName;
  }
}

/** What its stream shows; 'none' where it has no stream, undefined where the table is imported or the type is a token. */
function streamViewType(table: ITable): string | undefined {
  const { defaultChild } = table.node;
  if (!(defaultChild instanceof CfnTable || defaultChild instanceof CfnGlobalTable)) return undefined;
  // Of a table of version 2 it is known only when asked for: a replica that is added later switches the stream on.
  const specification: unknown = Stack.of(table).resolve(defaultChild.streamSpecification);
  if (specification === undefined) return 'none';
  const viewType = (specification as { streamViewType?: unknown }).streamViewType;
  return typeof viewType === 'string' ? viewType : undefined;
}

/** Undefined where the table is on-demand, imported, or its capacity is a token. */
function provisionedWriteUnits(table: ITable): number | undefined {
  const { defaultChild } = table.node;
  if (!(defaultChild instanceof CfnTable)) return undefined;
  const { provisionedThroughput } = defaultChild;
  if (provisionedThroughput === undefined || !('writeCapacityUnits' in provisionedThroughput))
    return undefined;
  const { writeCapacityUnits } = provisionedThroughput;
  return Token.isUnresolved(writeCapacityUnits) ? undefined : Number(writeCapacityUnits);
}
