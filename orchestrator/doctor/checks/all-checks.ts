import type { DoctorCheck } from '../doctor-check';
import { account } from './account';
import { allowList } from './allow-list';
import { capacity } from './capacity';
import { clock } from './clock';
import { codeBucket } from './code-bucket';
import { controlTable } from './control-table';
import { logging } from './logging';
import { permissions } from './permissions';
import { readers } from './readers';
import { retention } from './retention';
import { streamViewType } from './stream-view-type';
import { streams } from './streams';
import { versions } from './versions';

/** In the order in which they are shown: what stops everything first. */
export const allDoctorChecks: readonly DoctorCheck[] = [
  ...[account, clock, versions, permissions, codeBucket, controlTable, streams, retention, readers],
  ...[streamViewType, capacity, allowList, logging],
];
