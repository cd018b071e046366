import { join } from 'node:path';
import { listApplications, readDefinition } from '../definition/read-definition';
import { allDoctorChecks } from '../doctor/checks/all-checks';
import type { DoctorCheck, Finding, Patient } from '../doctor/doctor-check';
import { liveSlot, slotName } from '../plan/slots';
import { type Examined, doctorJson, doctorText } from '../report/doctor-report';
import { serviceName } from '../rollout/desired';
import { awsEnvironment } from '../service/aws-environment';
import { dynamoDbControl } from '../service/control-table';
import { lambdaFunctions } from '../service/functions';
import { managedFlink } from '../service/managed-flink';
import { kinesisStreams } from '../service/described-streams';
import { operatorOf } from '../service/operator';
import { dynamoDbTables } from '../service/tables';
import { messageOf, UserFault } from '../user-fault';
import { environmentOf } from './open-place';
import type { CommonOptions } from './options';
import { EXIT_DONE, EXIT_FAILED, type Streams } from './streams';

export interface DoctorOptions extends CommonOptions {
  /** Where set-up put the runner. */
  workFolder: string;
}

/** `spillway doctor [application]`: all checks, with what to do; exits with 1 where something is wrong. */
export async function doctor(
  application: string | undefined,
  options: DoctorOptions,
  streams: Streams,
): Promise<number> {
  const environment = environmentOf(options);
  const { region } = environment;
  const variables = awsEnvironment(environment, streams.env, options.localState);
  const names = application === undefined ? listApplications(options.definitions) : [application];
  const flink = managedFlink(region, variables);
  const kinesis = kinesisStreams(region, variables);
  const tables = dynamoDbTables(region, variables);
  const functions = lambdaFunctions(region, variables);
  const operator = operatorOf(environment, variables);
  const patient: Patient = {
    ...{ environment, variables, flink, streams: kinesis, tables, functions, operator },
    definitions: names.map((name) => readDefinition(options.definitions, name)),
    runnerJar: join(options.workFolder, 'runner', 'spillway-runner.jar'),
    observed: async (name) => {
      const control = dynamoDbControl(name, environment.controlTable, region, variables);
      try {
        // Without the table nothing but the first of the two can be there.
        const { generations } = await control.generations().catch(() => ({ generations: [] }));
        return await flink.describe(slotName(serviceName(name, environment), liveSlot(generations)));
      } finally {
        control.close();
      }
    },
  };
  try {
    const examined: Examined[] = [];
    for (const { code, help, look } of allDoctorChecks) {
      examined.push({ code, help, findings: await findingsOf(look, patient) });
    }
    const report = { environment: environment.name, examined };
    streams.stdout.write(options.json ? `${JSON.stringify(doctorJson(report))}\n` : doctorText(report));
    const isWrong = examined.some(({ findings }) => findings.some((finding) => finding.is === 'wrong'));
    return isWrong ? EXIT_FAILED : EXIT_DONE;
  } finally {
    flink.close();
    kinesis.close();
    tables.close();
    functions.close();
    operator.close();
  }
}

/** What a service refuses is a finding as well, and the next check goes on. */
async function findingsOf(look: DoctorCheck['look'], patient: Patient): Promise<Finding[]> {
  try {
    return await look(patient);
  } catch (fault) {
    if (!(fault instanceof UserFault)) throw fault;
    return [{ is: 'wrong', detail: messageOf(fault) }];
  }
}
