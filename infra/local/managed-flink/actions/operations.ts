import type { z } from 'zod';
import { operationDetails, operationInfo } from '../descriptions';
import { Fault } from '../faults';
import type { listOperationsRequest, operationRequest } from '../requests';
import type { Context } from './context';
import { pageOf } from './page-of';

export function describeOperation(context: Context, request: z.infer<typeof operationRequest>): object {
  const application = context.store.get(request.ApplicationName);
  const operation = application.operations.find(({ id }) => id === request.OperationId);
  if (operation === undefined) {
    throw new Fault(
      'ResourceNotFoundException',
      `Operation not found: ${request.OperationId} of ${application.name}`,
    );
  }
  return { ApplicationOperationInfoDetails: operationDetails(operation) };
}

/** The newest first. */
export function listOperations(context: Context, request: z.infer<typeof listOperationsRequest>): object {
  const { Operation: kind, OperationStatus: status } = request;
  const operations = context.store
    .get(request.ApplicationName)
    .operations.filter((operation) => kind === undefined || operation.operation === kind)
    .filter((operation) => status === undefined || operation.status === status);
  const { page, next } = pageOf(operations, request.Limit ?? 50, request.NextToken);
  return { ApplicationOperationInfoList: page.map(operationInfo), NextToken: next };
}
