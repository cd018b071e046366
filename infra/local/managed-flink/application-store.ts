import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from './faults';
import type { ApplicationRecord } from './records';

const FORMAT_VERSION = 2;

/** All applications, in memory and in one JSON file that is replaced as a whole by every change. */
export class ApplicationStore {
  private readonly file: string;
  private readonly applications = new Map<string, ApplicationRecord>();

  /** Reads the folder's state file if there is one; throws where it cannot be read as one. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, 'applications.json');
    if (!existsSync(this.file)) return;
    const state = JSON.parse(readFileSync(this.file, 'utf8')) as {
      version: number;
      applications: ApplicationRecord[];
    };
    if (state.version !== FORMAT_VERSION) {
      throw new Error(`${this.file} has format ${String(state.version)}, not ${FORMAT_VERSION}: delete it`);
    }
    for (const application of state.applications) this.applications.set(application.name, application);
  }

  all(): ApplicationRecord[] {
    return [...this.applications.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  has(name: string): boolean {
    return this.applications.has(name);
  }

  /** The application, or the service's error for one that is not there. */
  get(name: string): ApplicationRecord {
    const application = this.applications.get(name);
    if (application === undefined) {
      throw new Fault('ResourceNotFoundException', `Application not found: ${name}`);
    }
    return application;
  }

  /** By the ARN that tags are asked for under. */
  byArn(arn: string): ApplicationRecord {
    const application = this.all().find((other) => other.arn === arn);
    if (application === undefined) throw new Fault('ResourceNotFoundException', `Resource not found: ${arn}`);
    return application;
  }

  /** Keeps an application's new state; its conditional token is a new one from here on. */
  save(application: ApplicationRecord): void {
    application.conditionalToken = randomUUID();
    this.applications.set(application.name, application);
    this.write();
  }

  remove(name: string): void {
    this.applications.delete(name);
    this.write();
  }

  private write(): void {
    const next = `${this.file}.next`;
    writeFileSync(next, JSON.stringify({ version: FORMAT_VERSION, applications: this.all() }, null, 2));
    renameSync(next, this.file);
  }
}
