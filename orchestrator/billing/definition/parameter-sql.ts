import { type Checked, checkParameter } from '../../definition/parameters';
import { literal, rowsAsQuery } from '../sql/relations';
import { type BillingParameter, type Tier, tier } from './definition-file';

/** Checks a value against its declaration; the reason continues a sentence that begins with the parameter's name. */
export function checkBillingParameter(declaration: BillingParameter, value: unknown): Checked {
  if (declaration.type !== 'tiers') return checkParameter(declaration, value);
  const parsed = tier.array().min(1).safeParse(value);
  if (!parsed.success) {
    return {
      ok: false,
      code: 'parameter-ill-typed',
      reason: 'is no list of tiers such as [{"fromUnits": 0, "microUsdPerMillion": 1250000}]',
    };
  }
  const wrong = parsed.data.findIndex(({ fromUnits }, at) =>
    at === 0 ? fromUnits !== 0 : fromUnits <= (parsed.data[at - 1]?.fromUnits ?? 0),
  );
  if (wrong === 0) return outOfOrder('its first tier must begin at 0: else some units have no price');
  if (wrong > 0) {
    return outOfOrder(
      `its tier ${wrong + 1} begins at ${parsed.data[wrong]?.fromUnits ?? 0}, not after the one before it`,
    );
  }
  return { ok: true, text: JSON.stringify(parsed.data) };
}

/**
 * A checked value as SQL: an integer and a text as a literal; a map and tiers as a query, which stands in brackets where
 * a relation may stand: `FROM (${tiers}) AS tier (from_units, micro_usd_per_million)`. A duration is its seconds.
 */
export function parameterSql(declaration: BillingParameter, text: string): string {
  switch (declaration.type) {
    case 'integer':
      return literal(BigInt(text), 'BIGINT');
    case 'text':
      return literal(text, 'VARCHAR');
    case 'duration':
      return literal(BigInt(text.slice(0, -1)) * secondsOf(text.slice(-1)), 'BIGINT');
    case 'map<text, integer>':
      return rowsAsQuery(
        ['VARCHAR', 'BIGINT'],
        Object.entries(JSON.parse(text) as Record<string, number>).map(([key, number]) => [
          key,
          BigInt(number),
        ]),
      );
    case 'tiers':
      return rowsAsQuery(
        ['BIGINT', 'BIGINT'],
        (JSON.parse(text) as Tier[]).map((one) => [BigInt(one.fromUnits), BigInt(one.microUsdPerMillion)]),
      );
  }
}

function secondsOf(unit: string): bigint {
  return unit === 'h' ? 3600n : unit === 'm' ? 60n : 1n;
}

function outOfOrder(reason: string): Checked {
  return { ok: false, code: 'parameter-bounds', reason: `is not in order: ${reason}` };
}
