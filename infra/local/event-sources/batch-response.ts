/** What a function with ReportBatchItemFailures said about its batch: which items failed, or that all did. */
export type FailedItems = ReadonlySet<string> | 'all';

/**
 * Reads a function's answer as Lambda does (Developer Guide, "Configuring partial batch response", success and
 * failure conditions): nothing, or no list, or an empty list means that all went well; an entry that names no item
 * of the batch means that all failed.
 */
export function failedItems(answer: unknown, batch: ReadonlySet<string>): FailedItems {
  const failures = (answer as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return 'all';
  const failed = new Set<string>();
  for (const failure of failures as unknown[]) {
    const item = (failure as { itemIdentifier?: unknown } | null | undefined)?.itemIdentifier;
    if (typeof item !== 'string' || !batch.has(item)) return 'all';
    failed.add(item);
  }
  return failed;
}
