import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { destroyClients, localClients } from '../../../infra/local/clients';
import { createControlTable } from '../../../infra/local/control-table';
import { type ManagedFlink, startManagedFlink } from '../../../infra/local/managed-flink/server';
import { clientSettings } from '../../../lambdas/delivery/environment';
import { parameterValues } from '../../../orchestrator/definition/parameter-values';
import { readDefinition } from '../../../orchestrator/definition/read-definition';
import type { Plan } from '../../../orchestrator/plan/plan';
import { sealPlan } from '../../../orchestrator/plan/plan-id';
import { plain } from '../../../orchestrator/plan/rollout-parameters';
import { buildRelease } from '../../../orchestrator/release/build-release';
import { desiredOf } from '../../../orchestrator/rollout/desired';
import { underLock } from '../../../orchestrator/rollout/held-lock';
import { performPlan, type RolloutOutcome } from '../../../orchestrator/rollout/perform-plan';
import type { Rolling } from '../../../orchestrator/rollout/rolling';
import { s3CodeStore } from '../../../orchestrator/service/code-store';
import type { Control } from '../../../orchestrator/service/control';
import { dynamoDbControl } from '../../../orchestrator/service/control-table';
import { managedFlink } from '../../../orchestrator/service/managed-flink';
import { eventually } from '../../parts/eventually';
import { warmSystem } from '../../parts/warm-system';
import { environment } from '../environment';
import { createSteps, type StepsOf } from './plans';

const root = resolve(__dirname, '../../..');
const definition = readDefinition(join(root, 'test/orchestrator/definitions'), 'ticking');
const release = buildRelease(definition, join(root, '.spillway/runner/spillway-runner.jar'));

/** A place where rollouts of the ticking application are performed, of real servers. */
export interface Place {
  service: ManagedFlink;
  /** A new application, of a name of its own; not created yet. */
  application(): Ticking;
  /** Deletes the applications, which gives their task slots back. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** One application, and what a test does with it. */
export interface Ticking {
  /** The logical name, and the name of the blue slot. */
  name: string;
  blue: string;
  green: string;
  rolling: Rolling;
  control: Control;
  /** What was said, one line each. */
  said: string[];
  /** A plan from what is there now, with the steps that the test makes for it. */
  plan(wanted: Record<string, string>, rollout: Plan['rollout'], steps: StepsOf): Promise<Plan>;
  perform(plan: Plan, changes?: Partial<Rolling>): Promise<RolloutOutcome>;
  /** Creates and starts it by a plan. */
  create(wanted?: Record<string, string>): Promise<void>;
}

/** `name` is the bucket and the folder. */
export async function openPlace(name: string): Promise<Place> {
  const system = warmSystem();
  const service = await startManagedFlink({
    flinkRestUrl: system.flinkRestUrl,
    environment: system.environment,
    folder: join(system.runFolder, name),
  });
  const clients = localClients(system.environment);
  await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
  destroyClients(clients);
  const dynamodb = new DynamoDBClient(clientSettings(system.environment, 'DYNAMODB'));
  await createControlTable(dynamodb, `${name}-control`);
  dynamodb.destroy();
  const variables = {
    ...system.environment,
    AWS_ENDPOINT_URL_KINESIS_ANALYTICS_V2: service.endpoint,
  };
  const flink = managedFlink('us-east-1', variables);
  const code = s3CodeStore(name, 'us-east-1', variables);
  const opened: Ticking[] = [];
  return {
    service,
    application: () => {
      const logical = `ticking-${randomUUID().slice(0, 8)}`;
      const control = dynamoDbControl(logical, `${name}-control`, 'us-east-1', variables);
      const ticking = tickingOf(logical, name, { flink, code, control });
      opened.push(ticking);
      return ticking;
    },
    clear: async () => {
      service.control.troubles.clear();
      for (const { blue, green, control } of opened.splice(0)) {
        for (const slot of [blue, green]) {
          const observed = await flink.describe(slot);
          if (observed !== undefined) await flink.delete(observed);
          await eventually(`${slot} to be gone`, async () => (await flink.describe(slot)) === undefined);
        }
        control.close();
      }
    },
    close: async () => {
      flink.close();
      code.close();
      await service.stop();
    },
  };
}

function tickingOf(
  name: string,
  bucket: string,
  ports: Pick<Rolling, 'flink' | 'code' | 'control'>,
): Ticking {
  const blue = `spillway-local-${name}`;
  const said: string[] = [];
  const rolling: Rolling = {
    ...ports,
    progress: { say: (line) => said.push(line), live: () => undefined, end: () => undefined },
    jarOf: (key) => (key === release.key ? release.jar() : undefined),
    alive: () => undefined,
    operationLimitSeconds: 120,
  };
  const ticking: Ticking = {
    name,
    blue,
    green: `${blue}-green`,
    rolling,
    control: ports.control,
    said,
    plan: async (wanted, rollout, stepsOf) => {
      const observed = await ports.flink.describe(blue);
      const { generations, revision } = await ports.control.generations();
      const previous = generations.filter(({ shadow }) => shadow !== true).at(-1)?.generation ?? null;
      const generation = Math.max(0, ...generations.map((one) => one.generation)) + 1;
      const place = environment({ codeBucket: bucket, checkpointInterval: '1s' });
      const values = parameterValues(definition, place, new Map(Object.entries(wanted)));
      const settings = plain(desiredOf(definition, place, release, values).settings);
      settings.parameters = { ...settings.parameters, generation: String(generation) };
      return sealPlan({
        schemaVersion: 1,
        madeBy: '0.1.0',
        madeAt: new Date().toISOString(),
        application: name,
        environment: 'local',
        account: '000000000000',
        region: 'us-east-1',
        serviceName: blue,
        slot: 'blue',
        observed: observed
          ? {
              status: observed.status,
              version: observed.version,
              conditionalToken: observed.conditionalToken,
              settings: plain(observed),
            }
          : null,
        desired: settings,
        releaseHash: release.hash,
        previousGeneration: previous,
        generation,
        generationsRevision: revision,
        changes: [],
        verdict: 'none',
        rollout,
        alternatives: [],
        steps: stepsOf({ settings, generation, blue, green: `${blue}-green` }),
        cost: { pauseSeconds: 0, replaySeconds: 0, extraUsd: null },
        sql: { from: null, to: null },
        notices: [],
      });
    },
    perform: (plan, changes = {}) => {
      const wish = { holder: 'a test', purpose: plan.rollout, leaseSeconds: 60 };
      return underLock(ports.control, wish, (held) =>
        performPlan(plan, { ...rolling, ...changes }, held, { who: 'a test', action: 'apply' }),
      );
    },
    create: async (wanted = {}) => {
      const outcome = await ticking.perform(await ticking.plan(wanted, 'create', createSteps));
      if (outcome.outcome !== 'done') throw new Error(`not created: ${outcome.reason ?? 'no reason'}`);
    },
  };
  return ticking;
}
