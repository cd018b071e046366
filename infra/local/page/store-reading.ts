import { Redis } from 'ioredis';
import { parseRecord } from '../../../lambdas/contracts/parse';
import { suspension } from '../../../lambdas/contracts/suspension';
import { suspensionStoreNames } from '../../../lambdas/contracts/suspension-store';
import type { PageEvent } from './page-event';

const hourMs = 3_600_000;

/** Looks into the store of suspensions, and changes nothing in it. */
export class StoreReader {
  private readonly redis: Redis;
  private readonly names;

  constructor(url: string, store: string) {
    this.names = suspensionStoreNames(store);
    this.redis = new Redis(url, {
      connectionName: 'spillway-page',
      commandTimeout: 2_000,
      maxRetriesPerRequest: 1,
      enableOfflineQueue: true,
    });
    // A lost connection shows in the next look, which fails; without a listener it would end the process.
    this.redis.on('error', () => undefined);
  }

  /** Every suspension, and the refusals of this hour and the one before. Throws when Redis does not answer. */
  async read(nowMs: number): Promise<PageEvent & { kind: 'store' }> {
    const hour = Math.floor(nowMs / hourMs);
    const [details, ...counts] = await Promise.all([
      this.redis.hvals(this.names.details),
      ...[hour - 1, hour].map(async (of) => {
        const bySubject = await this.redis.hgetall(this.names.refusedPrefix + String(of));
        return Object.entries(bySubject).map(([subject, count]) => ({
          hour: of,
          subject,
          count: Number(count),
        }));
      }),
    ]);
    const suspensions = details.flatMap((text) => {
      const parsed = parseRecord(suspension, text);
      return parsed.ok ? [parsed.value] : [];
    });
    return { kind: 'store', suspensions, refusals: counts.flat() };
  }

  close(): void {
    this.redis.disconnect();
  }
}
