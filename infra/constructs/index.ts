export { Spillway } from './spillway';
export type { SpillwayProps } from './props';
export { StreamedTable, type StreamedTableOptions } from './streamed-table';
export type { CacheLogin, SuspensionCache } from './suspension-cache';
export { assumedLoad, type UsageCapacity, usageCapacity, type UsageLoad } from './usage-capacity';
export type { SpillwayFunction } from './functions/spillway-function';
export type { QueueWithDeadLetters } from './queues';
export type { Storage } from './storage';
export type { Streams } from './streams';
