import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { LocalClients } from '../../infra/local/clients';
import type { Resources } from '../../infra/local/resources';
import type { UsageRecord } from '../../lambdas/contracts/usage-record';

/** Puts usage records in order, spread over the shards by their names, as the estimator does. */
export async function putUsage(
  { kinesis }: LocalClients,
  { usageStream }: Resources,
  records: readonly UsageRecord[],
): Promise<void> {
  for (let from = 0; from < records.length; from += 200) {
    const batch = records.slice(from, from + 200).map((record) => ({
      Data: Buffer.from(JSON.stringify(record)),
      PartitionKey: `${record.batch} ${record.part} ${record.second}`,
    }));
    const answer = await kinesis.send(new PutRecordsCommand({ StreamName: usageStream, Records: batch }));
    if (answer.FailedRecordCount) throw new Error(`${answer.FailedRecordCount} usage records were refused`);
  }
}
