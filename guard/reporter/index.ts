/** What a user's API imports to report its own writes: it needs the AWS SDK's Kinesis client beside the guard. */
export { createReporter, type Reporter, type ReporterOptions, type ReporterState } from './reporter';
export type { OnReporterEvent, ReporterEvent, ReporterEventKind } from './events';
export { kinesisSink } from './kinesis-sink';
export type { UsageSink } from './outbox';
export type { DynamoDbClient } from './sdk-middleware';
export type { Attributes, ReportedTable, Write } from './tables';
