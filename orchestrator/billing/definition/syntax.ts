import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, type Problem, UserFault } from '../../user-fault';
import { duckDbEngine } from '../engine/duckdb-engine';
import type { BillingEngine } from '../engine/engine';
import { startTrino, trinoEngine } from '../engine/trino-engine';
import { computeInvoice } from '../invoice/compute-invoice';
import { periodBefore, periodOf } from '../period';
import { inForce } from './in-force';
import type { BillingDefinition } from './read-billing-definition';

/** What an engine has against a definition, tried over an archive without usage; with `plan`, a real Trino is asked too. */
export async function syntaxProblems(
  definition: BillingDefinition,
  { plan, workFolder }: { plan: boolean; workFolder: string },
): Promise<Problem[]> {
  const empty = mkdtempSync(join(tmpdir(), 'spillway-no-usage-'));
  try {
    const duckDb = await duckDbEngine(empty);
    const problems = await tried(definition, duckDb);
    duckDb.close();
    if (!plan) return problems;
    const trino = await startTrino(workFolder);
    try {
      return [...problems, ...(await tried(definition, trinoEngine(trino, [])))];
    } finally {
      await trino.close();
    }
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}

async function tried(definition: BillingDefinition, engine: BillingEngine): Promise<Problem[]> {
  try {
    for (const { from } of definition.versions) {
      const period = periodOf(from);
      const terms = inForce(definition, period);
      await computeInvoice(engine, {
        terms,
        period,
        previousPeriod: periodBefore(period),
        given: [],
        billed: undefined,
      });
    }
    return [];
  } catch (fault) {
    if (!(fault instanceof UserFault)) throw fault;
    const file = `${definition.name}/definition.sql`;
    return [{ code: `refused-by-${engine.name}`, file, line: 0, message: messageOf(fault) }];
  }
}
