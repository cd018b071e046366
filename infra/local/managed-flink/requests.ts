import { z } from 'zod';
import { Fault } from './faults';

// The members of the service's API reference that this endpoint understands, with the reference's limits. Members
// it does not know are refused rather than ignored: whoever sends one would believe that it has an effect.

export const applicationName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9_.-]+$/);
const snapshotName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[a-zA-Z0-9_.-]+$/);
const runtime = z.enum(['FLINK-1_20', 'FLINK-2_2', 'FLINK-2_3']);
const logStreamArn = z
  .string()
  .max(2048)
  .regex(/^arn:[^:]+:logs:.+:log-group:.+:log-stream:.+$/);
const versionId = z.number().int().min(1).max(999_999_999);
const conditionalToken = z.string().min(1).max(512);
const tag = z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256).optional() });
const configurationType = z.enum(['DEFAULT', 'CUSTOM']);
const metricsLevel = z.enum(['APPLICATION', 'TASK', 'OPERATOR', 'PARALLELISM']);
const logLevel = z.enum(['INFO', 'WARN', 'ERROR', 'DEBUG']);
const bucketArn = z
  .string()
  .max(2048)
  .regex(/^arn:[^:]+:s3:::[^/]+$/);
const role = z
  .string()
  .max(2048)
  .regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/);
/** Epoch seconds with a fraction, as AWS JSON 1.1 writes a timestamp. */
const timestamp = z.number().nonnegative();
const limit = z.number().int().min(1).max(50).optional();
const nextToken = z.string().max(512).optional();

const propertyGroups = z
  .array(
    z.strictObject({
      PropertyGroupId: z.string().min(1).max(50),
      PropertyMap: z
        .record(z.string().min(1).max(2048), z.string().max(2048))
        .refine((map) => Object.keys(map).length >= 1 && Object.keys(map).length <= 50, 'holds 1 to 50 keys'),
    }),
  )
  .max(50);

const s3Location = z.strictObject({
  BucketARN: bucketArn,
  FileKey: z.string().min(1).max(1024),
  ObjectVersion: z.string().optional(),
});

const restore = z.strictObject({
  ApplicationRestoreType: z.enum([
    'SKIP_RESTORE_FROM_SNAPSHOT',
    'RESTORE_FROM_LATEST_SNAPSHOT',
    'RESTORE_FROM_CUSTOM_SNAPSHOT',
  ]),
  SnapshotName: snapshotName.optional(),
});

const runConfiguration = z.strictObject({
  FlinkRunConfiguration: z.strictObject({ AllowNonRestoredState: z.boolean().optional() }).optional(),
  ApplicationRestoreConfiguration: restore.optional(),
});

const flinkConfiguration = z.strictObject({
  CheckpointConfiguration: z
    .strictObject({
      ConfigurationType: configurationType,
      CheckpointingEnabled: z.boolean().optional(),
      CheckpointInterval: z.number().int().min(1).optional(),
      MinPauseBetweenCheckpoints: z.number().int().min(0).optional(),
    })
    .optional(),
  MonitoringConfiguration: z
    .strictObject({
      ConfigurationType: configurationType,
      MetricsLevel: metricsLevel.optional(),
      LogLevel: logLevel.optional(),
    })
    .optional(),
  ParallelismConfiguration: z
    .strictObject({
      ConfigurationType: configurationType,
      Parallelism: z.number().int().min(1).optional(),
      ParallelismPerKPU: z.number().int().min(1).optional(),
      AutoScalingEnabled: z.boolean().optional(),
    })
    .optional(),
});

export const createRequest = z.strictObject({
  ApplicationName: applicationName,
  ApplicationDescription: z.string().max(1024).optional(),
  RuntimeEnvironment: runtime,
  ServiceExecutionRole: role,
  ApplicationMode: z.literal('STREAMING').optional(),
  CloudWatchLoggingOptions: z
    .array(z.strictObject({ LogStreamARN: logStreamArn }))
    .max(1)
    .optional(),
  Tags: z.array(tag).min(1).max(200).optional(),
  ApplicationConfiguration: z.strictObject({
    ApplicationCodeConfiguration: z.strictObject({
      CodeContentType: z.literal('ZIPFILE'),
      CodeContent: z.strictObject({ S3ContentLocation: s3Location }),
    }),
    FlinkApplicationConfiguration: flinkConfiguration.optional(),
    EnvironmentProperties: z.strictObject({ PropertyGroups: propertyGroups }).optional(),
    ApplicationSnapshotConfiguration: z.strictObject({ SnapshotsEnabled: z.boolean() }).optional(),
    ApplicationSystemRollbackConfiguration: z.strictObject({ RollbackEnabled: z.boolean() }).optional(),
  }),
});

export const updateRequest = z.strictObject({
  ApplicationName: applicationName,
  CurrentApplicationVersionId: versionId.optional(),
  ConditionalToken: conditionalToken.optional(),
  RuntimeEnvironmentUpdate: runtime.optional(),
  ServiceExecutionRoleUpdate: role.optional(),
  RunConfigurationUpdate: runConfiguration.optional(),
  CloudWatchLoggingOptionUpdates: z
    .array(
      z.strictObject({
        CloudWatchLoggingOptionId: z.string().min(1).max(50),
        LogStreamARNUpdate: logStreamArn.optional(),
      }),
    )
    .optional(),
  ApplicationConfigurationUpdate: z
    .strictObject({
      ApplicationCodeConfigurationUpdate: z
        .strictObject({
          CodeContentTypeUpdate: z.literal('ZIPFILE').optional(),
          CodeContentUpdate: z
            .strictObject({
              S3ContentLocationUpdate: z.strictObject({
                BucketARNUpdate: bucketArn.optional(),
                FileKeyUpdate: z.string().min(1).max(1024).optional(),
                ObjectVersionUpdate: z.string().optional(),
              }),
            })
            .optional(),
        })
        .optional(),
      FlinkApplicationConfigurationUpdate: z
        .strictObject({
          CheckpointConfigurationUpdate: z
            .strictObject({
              ConfigurationTypeUpdate: configurationType.optional(),
              CheckpointingEnabledUpdate: z.boolean().optional(),
              CheckpointIntervalUpdate: z.number().int().min(1).optional(),
              MinPauseBetweenCheckpointsUpdate: z.number().int().min(0).optional(),
            })
            .optional(),
          MonitoringConfigurationUpdate: z
            .strictObject({
              ConfigurationTypeUpdate: configurationType.optional(),
              MetricsLevelUpdate: metricsLevel.optional(),
              LogLevelUpdate: logLevel.optional(),
            })
            .optional(),
          ParallelismConfigurationUpdate: z
            .strictObject({
              ConfigurationTypeUpdate: configurationType.optional(),
              ParallelismUpdate: z.number().int().min(1).optional(),
              ParallelismPerKPUUpdate: z.number().int().min(1).optional(),
              AutoScalingEnabledUpdate: z.boolean().optional(),
            })
            .optional(),
        })
        .optional(),
      EnvironmentPropertyUpdates: z.strictObject({ PropertyGroups: propertyGroups }).optional(),
      ApplicationSnapshotConfigurationUpdate: z
        .strictObject({ SnapshotsEnabledUpdate: z.boolean() })
        .optional(),
      ApplicationSystemRollbackConfigurationUpdate: z
        .strictObject({ RollbackEnabledUpdate: z.boolean() })
        .optional(),
    })
    .optional(),
});

export const startRequest = z.strictObject({
  ApplicationName: applicationName,
  RunConfiguration: runConfiguration.optional(),
});
export const stopRequest = z.strictObject({
  ApplicationName: applicationName,
  Force: z.boolean().optional(),
});
export const describeRequest = z.strictObject({
  ApplicationName: applicationName,
  IncludeAdditionalDetails: z.boolean().optional(),
});
export const listRequest = z.strictObject({ Limit: limit, NextToken: nextToken });
export const deleteRequest = z.strictObject({ ApplicationName: applicationName, CreateTimestamp: timestamp });
export const snapshotRequest = z.strictObject({
  ApplicationName: applicationName,
  SnapshotName: snapshotName,
});
export const deleteSnapshotRequest = snapshotRequest.extend({ SnapshotCreationTimestamp: timestamp });
export const listSnapshotsRequest = listRequest.extend({ ApplicationName: applicationName });
export const operationRequest = z.strictObject({
  ApplicationName: applicationName,
  OperationId: z.string().min(1).max(64),
});
export const listOperationsRequest = listRequest.extend({
  ApplicationName: applicationName,
  Operation: z.string().optional(),
  OperationStatus: z.enum(['IN_PROGRESS', 'CANCELLED', 'SUCCESSFUL', 'FAILED']).optional(),
});
export const versionRequest = z.strictObject({
  ApplicationName: applicationName,
  ApplicationVersionId: versionId,
});
export const listVersionsRequest = listRequest.extend({ ApplicationName: applicationName });
export const rollbackRequest = z.strictObject({
  ApplicationName: applicationName,
  CurrentApplicationVersionId: versionId,
});
const conditionalRequest = z.strictObject({
  ApplicationName: applicationName,
  CurrentApplicationVersionId: versionId.optional(),
  ConditionalToken: conditionalToken.optional(),
});
export const addLoggingRequest = conditionalRequest.extend({
  CloudWatchLoggingOption: z.strictObject({ LogStreamARN: logStreamArn }),
});
export const deleteLoggingRequest = conditionalRequest.extend({
  CloudWatchLoggingOptionId: z.string().min(1).max(50),
});
export const maintenanceRequest = z.strictObject({
  ApplicationName: applicationName,
  ApplicationMaintenanceConfigurationUpdate: z.strictObject({
    ApplicationMaintenanceWindowStartTimeUpdate: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  }),
});
const resourceArn = z.string().max(2048).regex(/^arn:/);
export const listTagsRequest = z.strictObject({ ResourceARN: resourceArn });
export const tagRequest = listTagsRequest.extend({ Tags: z.array(tag).min(1).max(200) });
export const untagRequest = listTagsRequest.extend({
  TagKeys: z.array(z.string().min(1).max(128)).min(1).max(200),
});
export const presignedUrlRequest = z.strictObject({
  ApplicationName: applicationName,
  UrlType: z.literal('FLINK_DASHBOARD_URL'),
  SessionExpirationDurationInSeconds: z.number().int().min(1800).max(43_200).optional(),
});

export type CreateRequest = z.infer<typeof createRequest>;
export type UpdateRequest = z.infer<typeof updateRequest>;
/** What every conditional change sends: one of the two at least. */
export type ConditionalRequest = z.infer<typeof conditionalRequest>;
export type RunConfiguration = z.infer<typeof runConfiguration>;

/** Reads a request; ValidationException in the words of the service where a member breaks its constraint. */
export function parseRequest<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const { issues } = result.error;
  const count = `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected`;
  const details = issues.map(
    ({ path, message }) => `at '${path.join('.')}' failed to satisfy constraint: ${message}`,
  );
  throw new Fault('ValidationException', `${count}: ${details.join('; ')}`);
}
