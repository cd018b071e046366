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
import { addLoggingOption, deleteLoggingOption } from './logging';
import { updateMaintenance } from './maintenance';
import { describeOperation, listOperations } from './operations';
import { createPresignedUrl, startApplication, stopApplication } from './running';
import { createSnapshot, deleteSnapshot, describeSnapshot, listSnapshots } from './snapshots';
import { listTags, tagResource, untagResource } from './tags';
import { describeVersion, listVersions, rollbackApplication } from './versions';

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
  ['DescribeApplicationVersion', action(requests.versionRequest, describeVersion)],
  ['ListApplicationVersions', action(requests.listVersionsRequest, listVersions)],
  ['RollbackApplication', action(requests.rollbackRequest, rollbackApplication)],
  ['UpdateApplicationMaintenanceConfiguration', action(requests.maintenanceRequest, updateMaintenance)],
  ['AddApplicationCloudWatchLoggingOption', action(requests.addLoggingRequest, addLoggingOption)],
  ['DeleteApplicationCloudWatchLoggingOption', action(requests.deleteLoggingRequest, deleteLoggingOption)],
  ['ListTagsForResource', action(requests.listTagsRequest, listTags)],
  ['TagResource', action(requests.tagRequest, tagResource)],
  ['UntagResource', action(requests.untagRequest, untagResource)],
]);

/** Actions of the service that are not there: those of its SQL applications, which are no more, and of a VPC. */
export const UNSUPPORTED_ACTIONS: ReadonlySet<string> = new Set([
  'AddApplicationInput',
  'AddApplicationInputProcessingConfiguration',
  'AddApplicationOutput',
  'AddApplicationReferenceDataSource',
  'AddApplicationVpcConfiguration',
  'DeleteApplicationInputProcessingConfiguration',
  'DeleteApplicationOutput',
  'DeleteApplicationReferenceDataSource',
  'DeleteApplicationVpcConfiguration',
  'DiscoverInputSchema',
]);

function action<T>(
  schema: z.ZodType<T>,
  perform: (context: Context, request: T) => object | Promise<object>,
): Action {
  return async (context, body) => perform(context, requests.parseRequest(schema, body));
}
