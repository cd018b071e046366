import type { z } from 'zod';
import { Fault } from '../faults';
import type { listTagsRequest, tagRequest, untagRequest } from '../requests';
import type { Context } from './context';

/** Tags that users may give an application (API, TagResource). */
const MOST_TAGS = 50;

export function listTags(context: Context, request: z.infer<typeof listTagsRequest>): object {
  const { tags } = context.store.byArn(request.ResourceARN);
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

export function tagResource(context: Context, request: z.infer<typeof tagRequest>): object {
  const application = context.store.byArn(request.ResourceARN);
  application.tags = withTags(application.tags, request.Tags);
  context.store.save(application);
  return {};
}

/** Keys that are not there are no error. */
export function untagResource(context: Context, request: z.infer<typeof untagRequest>): object {
  const application = context.store.byArn(request.ResourceARN);
  application.tags = Object.fromEntries(
    Object.entries(application.tags).filter(([key]) => !request.TagKeys.includes(key)),
  );
  context.store.save(application);
  return {};
}

/** The tags with more of them; TooManyTagsException or InvalidArgumentException where that may not be. */
export function withTags(
  tags: Record<string, string>,
  more: readonly { Key: string; Value?: string | undefined }[],
): Record<string, string> {
  const reserved = more.find(({ Key }) => /^aws:/i.test(Key));
  if (reserved !== undefined) {
    throw new Fault(
      'InvalidArgumentException',
      `Tag keys that begin with aws: are AWS's own: ${reserved.Key}`,
    );
  }
  const all = { ...tags, ...Object.fromEntries(more.map(({ Key, Value }) => [Key, Value ?? ''])) };
  const count = Object.keys(all).length;
  if (count > MOST_TAGS) {
    throw new Fault('TooManyTagsException', `An application has at most ${MOST_TAGS} tags, not ${count}`);
  }
  return all;
}
