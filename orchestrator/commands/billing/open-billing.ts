import { S3Client } from '@aws-sdk/client-s3';
import { join } from 'node:path';
import { athena, type Athena } from '../../archive/athena';
import { copyArchive, listArchive } from '../../archive/s3-copy';
import { awsBooks } from '../../billing/books/aws-books';
import type { Books } from '../../billing/books/books';
import { folderBooks } from '../../billing/books/folder-books';
import { listBillingDefinitions } from '../../billing/definition/read-billing-definition';
import { athenaEngine } from '../../billing/engine/athena-engine';
import { duckDbEngine } from '../../billing/engine/duckdb-engine';
import type { ArchiveObject, BillingEngine } from '../../billing/engine/engine';
import { cloudWatchMetrics, type Metrics } from '../../service/metrics';
import { type AwsEnvironment, clientSettings } from '../../service/aws-environment';
import { nameOfCaller } from '../../service/caller';
import { UserFault } from '../../user-fault';
import { environmentOf, guardedVariables } from '../open-place';
import type { CommonOptions } from '../options';
import type { Streams } from '../streams';

/** Options of all billing commands. */
export interface BillingOptions extends CommonOptions {
  /** Folder with the billing definitions. */
  billing: string;
  /** A folder with an archive, in place of the environment's. */
  archive?: string;
  /** Where set-up and local servers keep what they make. */
  workFolder: string;
}

/** Where billing happens: the books, and what rates the archive. Closed by who opened it. */
export interface BillingPlace {
  /** `production`, or the folder. */
  readonly title: string;
  readonly who: string;
  readonly books: Books;
  engine(): Promise<BillingEngine>;
  /** Where an account has Athena. */
  athena?(): Athena;
  /** The estimator's counters; a folder has none. */
  metrics?(): Metrics;
  close(): void;
}

/** Opens a folder, or an environment's archive and control table. Throws what is in the way. */
export async function openBilling(options: BillingOptions, streams: Streams): Promise<BillingPlace> {
  const { archive } = options;
  if (archive !== undefined) {
    const books = folderBooks(archive);
    return {
      title: archive,
      who: nameOfCaller(undefined),
      books,
      engine: () => duckDbEngine(archive, { spillFolder: join(options.workFolder, 'spill') }),
      close: () => {
        books.close();
      },
    };
  }
  const environment = environmentOf(options);
  const { region, controlTable, archiveBucket, name } = environment;
  if (archiveBucket === undefined) {
    throw new UserFault(
      `${name} has no archiveBucket in ${environment.file}: name the bucket that Firehose fills, or give --archive FOLDER`,
    );
  }
  const { variables, caller } = await guardedVariables(environment, options, streams);
  // What CDK calls them (infra/constructs/archive.ts).
  const names = { workgroup: `spillway-${name}`, database: `spillway_${name.replaceAll('-', '_')}` };
  const askAthena = (): Athena => athena({ region, ...names }, variables);
  const isLocal = name === 'local';
  const books = awsBooks({ region, controlTable, archiveBucket }, variables);
  return {
    title: name,
    who: nameOfCaller(caller),
    books,
    engine: async () => {
      if (!isLocal) return athenaEngine(askAthena(), () => objectsOf(archiveBucket, region, variables));
      const folder = join(options.workFolder, 'archives', archiveBucket);
      await copyArchive(region, variables, archiveBucket, folder);
      return duckDbEngine(folder, { spillFolder: join(options.workFolder, 'spill') });
    },
    ...(isLocal ? {} : { athena: askAthena }),
    metrics: () => cloudWatchMetrics(region, variables),
    close: () => {
      books.close();
    },
  };
}

async function objectsOf(
  bucket: string,
  region: string,
  variables: AwsEnvironment,
): Promise<ArchiveObject[]> {
  const settings = clientSettings('S3', region, variables);
  const client = new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
  try {
    return await listArchive(client, bucket);
  } finally {
    client.destroy();
  }
}

/** The definitions a command is about: the named one, or all. */
export function definitionsOf(options: BillingOptions, definition: string | undefined): string[] {
  return definition === undefined ? listBillingDefinitions(options.billing) : [definition];
}
