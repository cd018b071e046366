import { costItems, type Workload } from '../cost/cost-items';
import { readPrices } from '../cost/prices';
import { listApplications, readDefinition } from '../definition/read-definition';
import { costJson, costText } from '../report/cost-report';
import { countOf } from './options';
import { EXIT_DONE, type Streams } from './streams';

export interface CostOptions {
  json: boolean;
  definitions: string;
  updatesPerDay: string;
  shards: string;
  entryBytes: string;
  changesPerBatch: string;
}

/** `spillway cost [application]`: what a month costs, by list prices, with what is not in it. Asks nobody. */
export function cost(application: string | undefined, options: CostOptions, streams: Streams): number {
  const names = application === undefined ? listApplications(options.definitions) : [application];
  const workload: Workload = {
    updatesPerDay: countOf('--updates-per-day', options.updatesPerDay, 1e12),
    usageShards: countOf('--shards', options.shards, 10_000),
    entryBytes: countOf('--entry-bytes', options.entryBytes, 100_000),
    changesPerBatch: countOf('--changes-per-batch', options.changesPerBatch, 10_000),
    applications: names.map((name) => ({ name, ...readDefinition(options.definitions, name).capacity })),
  };
  const prices = readPrices();
  const report = { workload, prices, items: costItems(workload, prices) };
  streams.stdout.write(options.json ? `${JSON.stringify(costJson(report))}\n` : costText(report));
  return EXIT_DONE;
}
