import type { DoctorCheck } from '../doctor-check';
import { account } from './account';
import { allowList } from './allow-list';
import { application } from './application';
import { capacity } from './capacity';
import { clock } from './clock';
import { codeBucket } from './code-bucket';
import { controlTable } from './control-table';
import { failedBatchBucket } from './failed-batch-bucket';
import { functions } from './functions';
import { logging } from './logging';
import { operatorFunction } from './operator-function';
import { permissions } from './permissions';
import { readers } from './readers';
import { retention } from './retention';
import { streamViewType } from './stream-view-type';
import { streams } from './streams';
import { versions } from './versions';

/** In the order in which they are shown: what stops everything first. */
export const allDoctorChecks: readonly DoctorCheck[] = [
  ...[account, clock, versions, permissions, codeBucket, controlTable, streams, retention, readers],
  ...[streamViewType, failedBatchBucket, functions, operatorFunction],
  ...[application, capacity, allowList, logging],
];
