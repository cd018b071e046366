import { calcBeforeState } from './rules/calc-before-state';
import { flinkVersion } from './rules/flink-version';
import { functionArgumentOutput } from './rules/function-argument-output';
import { functionArgumentState } from './rules/function-argument-state';
import { functionArgumentUndeclared } from './rules/function-argument-undeclared';
import { functionUid } from './rules/function-uid';
import { grouping } from './rules/grouping';
import { maxParallelism } from './rules/max-parallelism';
import { measure } from './rules/measure';
import { outputOnly } from './rules/output-only';
import { operatorChaining } from './rules/operator-chaining';
import { overFrame } from './rules/over-frame';
import { overLonger } from './rules/over-longer';
import { overShorter } from './rules/over-shorter';
import { overShorterBeforeState } from './rules/over-shorter-before-state';
import { paceSettings } from './rules/pace-settings';
import type { FieldRule, Rule } from './rules/rule';
import type { SetRule } from './rules/set-rule';
import { detectionAdded, detectionRemoved, nodeAdded, nodeRemoved } from './rules/shape';
import { sinkColumns } from './rules/sink-columns';
import { sinkOptions } from './rules/sink-options';
import { sinkStream } from './rules/sink-stream';
import { sourceColumns } from './rules/source-columns';
import { sourcePace } from './rules/source-pace';
import { sourcePosition } from './rules/source-position';
import { sourceStream } from './rules/source-stream';
import { stateTtlLonger, stateTtlShorter } from './rules/state-ttl';
import { unknownChange } from './rules/unknown-change';
import { watermark } from './rules/watermark';
import { windowSize } from './rules/window-size';

/** The rules about fields of nodes, in the order in which they are asked; the first that knows a field judges it. */
export const fieldRules: readonly FieldRule[] = [
  outputOnly,
  functionUid,
  functionArgumentOutput,
  grouping,
  functionArgumentState,
  functionArgumentUndeclared,
  overShorter,
  overShorterBeforeState,
  overLonger,
  overFrame,
  measure,
  windowSize,
  calcBeforeState,
  watermark,
  sourceStream,
  sourcePosition,
  sourcePace,
  sourceColumns,
  sinkStream,
  sinkOptions,
  sinkColumns,
];

/** Every rule about plans, in the order of the page. */
export const planRules: readonly Rule[] = [
  ...fieldRules,
  detectionAdded,
  detectionRemoved,
  nodeAdded,
  nodeRemoved,
  flinkVersion,
  unknownChange,
];

/** The rules about what is SET and is in no plan. */
export const setRules: readonly SetRule[] = [
  stateTtlShorter,
  stateTtlLonger,
  maxParallelism,
  operatorChaining,
  paceSettings,
];

/** Every rule, in the order of docs/verdicts.md. */
export const allRules: readonly Rule[] = [...planRules, ...setRules];
