import type { z } from 'zod';
import * as requests from '../requests';
import {
  createApplication,
  deleteApplication,
  describeApplication,
  listApplications,
  updateApplication,
} from './applications';
import type { Context } from './context';
import { describeOperation, listOperations } from './operations';
import { createPresignedUrl, startApplication, stopApplication } from './running';
import { createSnapshot, deleteSnapshot, describeSnapshot, listSnapshots } from './snapshots';

/** One action of the service: reads its request, does it, answers the response. */
export type Action = (context: Context, body: unknown) => Promise<object>;

/** Every action this endpoint knows, by the name the API reference gives it. */
export const actions: ReadonlyMap<string, Action> = new Map([
  ['CreateApplication', action(requests.createRequest, createApplication)],
  ['DescribeApplication', action(requests.describeRequest, describeApplication)],
  ['ListApplications', action(requests.listRequest, listApplications)],
  ['UpdateApplication', action(requests.updateRequest, updateApplication)],
  ['DeleteApplication', action(requests.deleteRequest, deleteApplication)],
  ['StartApplication', action(requests.startRequest, startApplication)],
  ['StopApplication', action(requests.stopRequest, stopApplication)],
  ['CreateApplicationPresignedUrl', action(requests.presignedUrlRequest, createPresignedUrl)],
  ['CreateApplicationSnapshot', action(requests.snapshotRequest, createSnapshot)],
  ['DescribeApplicationSnapshot', action(requests.snapshotRequest, describeSnapshot)],
  ['ListApplicationSnapshots', action(requests.listSnapshotsRequest, listSnapshots)],
  ['DeleteApplicationSnapshot', action(requests.deleteSnapshotRequest, deleteSnapshot)],
  ['DescribeApplicationOperation', action(requests.operationRequest, describeOperation)],
  ['ListApplicationOperations', action(requests.listOperationsRequest, listOperations)],
]);

function action<T>(
  schema: z.ZodType<T>,
  perform: (context: Context, request: T) => object | Promise<object>,
): Action {
  return async (context, body) => perform(context, requests.parseRequest(schema, body));
}
