import type { ComparePlans } from '../plan/compare-releases';
import type { FunctionArguments } from '../release/function-arguments';
import { compareCompiledPlans } from './compare-plans';
import { compareSets, setsOfSql } from './compare-sets';
import { functionsOfSql } from './functions';

/**
 * Judges every difference of two releases: of their compiled plans, and of what is SET and is in no plan. The settings of
 * the application and the code in the JAR are judged beside it.
 *
 * @param functions what the functions of the wanted release declare, by class
 */
export function judgeReleases(functions: ReadonlyMap<string, FunctionArguments>): ComparePlans {
  return (deployed, wanted) => [
    ...compareCompiledPlans(deployed.plan, wanted.plan, functionsOfSql(wanted.sql, functions)),
    ...compareSets(setsOfSql(deployed.sql), setsOfSql(wanted.sql)),
  ];
}
