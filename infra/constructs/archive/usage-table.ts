import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { usageColumns, usagePrefix } from '../../../orchestrator/archive/layout';

export interface UsageTableProps {
  readonly bucket: Bucket;
  readonly database: string;
  readonly firstDay: string;
}

/**
 * The table `usage` in a Glue database of its own. Athena works out its partitions from the days and hours themselves, so
 * that no crawler runs and an hour is there as soon as it has an object.
 */
export class UsageTable extends Construct {
  readonly database: string;
  readonly tableName = 'usage';
  readonly cfnTable: CfnTable;

  constructor(scope: Construct, id: string, { bucket, database, firstDay }: UsageTableProps) {
    super(scope, id);
    const catalogId = Stack.of(this).account;
    this.database = database;
    const made = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: { name: database, description: 'What DynamoDB tables used, archived by Spillway' },
    });
    const location = bucket.s3UrlForObject(usagePrefix);
    this.cfnTable = new CfnTable(this, 'Table', {
      catalogId,
      databaseName: database,
      tableInput: {
        name: this.tableName,
        description: 'Usage records; day and hour are of arrival, second is event time',
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          EXTERNAL: 'TRUE',
          classification: 'parquet',
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          'projection.day.range': `${firstDay},NOW+1DAYS`,
          'projection.day.interval': '1',
          'projection.day.interval.unit': 'DAYS',
          'projection.hour.type': 'integer',
          'projection.hour.range': '0,23',
          'projection.hour.digits': '2',
          'storage.location.template': `${location}day=\${day}/hour=\${hour}/`,
        },
        partitionKeys: [
          { name: 'day', type: 'string' },
          { name: 'hour', type: 'string' },
        ],
        storageDescriptor: {
          columns: usageColumns.map(([name, type]) => ({ name, type })),
          location,
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: {
            serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          },
        },
      },
    });
    this.cfnTable.addResourceDependency(made);
  }

  /** What a permission to read the table's definition is given on: the catalog, the database and the table. */
  get arns(): string[] {
    const stack = Stack.of(this);
    const glue = (resource: string, resourceName?: string): string =>
      stack.formatArn({
        service: 'glue',
        resource,
        ...(resourceName === undefined
          ? { arnFormat: ArnFormat.NO_RESOURCE_NAME }
          : { resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME }),
      });
    return [
      glue('catalog'),
      glue('database', this.database),
      glue('table', `${this.database}/${this.tableName}`),
    ];
  }
}
