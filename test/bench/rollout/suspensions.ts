import { Redis } from 'ioredis';
import { suspension } from '../../../lambdas/contracts/suspension';
import { suspensionStoreNames } from '../../../lambdas/contracts/suspension-store';

/** Each suspended subject's count of offences. */
export async function offencesOf(redisUrl: string, store: string): Promise<Map<string, number>> {
  const redis = new Redis(redisUrl);
  try {
    const details = await redis.hgetall(suspensionStoreNames(store).details);
    return new Map(
      Object.entries(details).map(([subject, text]) => [
        subject,
        suspension.parse(JSON.parse(text)).offences,
      ]),
    );
  } finally {
    redis.disconnect();
  }
}
