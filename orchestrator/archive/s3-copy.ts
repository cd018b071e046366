import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { type AwsEnvironment, clientSettings } from '../service/aws-environment';
import { asking } from '../service/service-fault';
import { UserFault } from '../user-fault';
import { hourOfKey, usagePrefix } from './layout';

/** An object of the archive, as a listing tells it. */
export interface ArchiveObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
}

/** A thousand objects a page; an archive of a year with an object each quarter of an hour has 36 pages. */
const mostPages = 10_000;

/** The archive's Parquet objects in the order of their keys. Throws a UserFault. */
export async function listArchive(client: S3Client, bucket: string): Promise<ArchiveObject[]> {
  const objects: ArchiveObject[] = [];
  let token: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const answer = await asking(`listing the archive in the bucket ${bucket}`, () =>
      client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: usagePrefix, ContinuationToken: token }),
      ),
    );
    for (const { Key, Size, ETag } of answer.Contents ?? []) {
      if (Key === undefined || hourOfKey(Key) === undefined) continue;
      objects.push({ key: Key, bytes: Size ?? 0, etag: (ETag ?? '').replaceAll('"', '') });
    }
    token = answer.NextContinuationToken;
    if (token === undefined) return objects.sort((a, b) => (a.key < b.key ? -1 : 1));
  }
  throw new UserFault(`the archive in the bucket ${bucket} has more than ${mostPages * 1_000} objects`);
}

/**
 * Makes a folder the copy of an archive's bucket, for an engine that reads files. An object is fetched once: `etags/`
 * beside the copy says which content a file is. What the bucket no longer has goes from the folder too.
 */
export async function copyArchive(
  region: string,
  variables: AwsEnvironment,
  bucket: string,
  folder: string,
): Promise<{ readonly objects: number; readonly fetched: number }> {
  const settings = clientSettings('S3', region, variables);
  const client = new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
  try {
    const objects = await listArchive(client, bucket);
    await removeOthers(folder, new Set(objects.map(({ key }) => key)));
    let fetched = 0;
    for (const object of objects) {
      if (await isThere(folder, object)) continue;
      await fetchObject(client, bucket, object, folder);
      fetched += 1;
    }
    return { objects: objects.length, fetched };
  } finally {
    client.destroy();
  }
}

function etagFile(folder: string, { key, etag }: ArchiveObject): string {
  return join(folder, 'etags', key.replaceAll('/', '_') + `.${etag}`);
}

async function isThere(folder: string, object: ArchiveObject): Promise<boolean> {
  const sizes = await Promise.allSettled([stat(join(folder, object.key)), stat(etagFile(folder, object))]);
  const [file, etag] = sizes;
  return file.status === 'fulfilled' && etag.status === 'fulfilled' && file.value.size === object.bytes;
}

/** The mark of its content is written last, so that half a file is fetched again. */
async function fetchObject(
  client: S3Client,
  bucket: string,
  object: ArchiveObject,
  folder: string,
): Promise<void> {
  const path = join(folder, object.key);
  const answer = await asking(`reading ${object.key} of the bucket ${bucket}`, () =>
    client.send(new GetObjectCommand({ Bucket: bucket, Key: object.key })),
  );
  if (answer.Body === undefined) throw new UserFault(`${object.key} of the bucket ${bucket} has no content`);
  await mkdir(dirname(path), { recursive: true });
  await mkdir(join(folder, 'etags'), { recursive: true });
  await writeFile(`${path}.part`, await answer.Body.transformToByteArray());
  await rename(`${path}.part`, path);
  await writeFile(etagFile(folder, object), '');
}

async function removeOthers(folder: string, keys: ReadonlySet<string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder, { recursive: true })) {
    const key = name.split(sep).join('/');
    if (hourOfKey(key) !== undefined && !keys.has(key)) await rm(join(folder, key));
  }
}
