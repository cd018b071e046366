import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { commandLine } from '../../orchestrator/cli';

// Every command of the pages that people type from is there, with its options and as many arguments.
const root = resolve(__dirname, '..', '..');
const pages = ['first-deploy', 'update', 'removal', 'ci', 'cost'];
const nowhere = new Writable({
  write: (_chunk, _encoding, done) => {
    done();
  },
});
const streams = { stdin: process.stdin, stdout: nowhere, stderr: nowhere, env: {} };

function textOf(page: string): string {
  return readFileSync(join(root, 'docs', `${page}.md`), 'utf8');
}

/** Command lines of a page: those of its blocks, and those in its sentences. */
function commandsIn(page: string): string[] {
  const text = textOf(page);
  const blocks = [...text.matchAll(/^( *)```\n([\s\S]*?)^\1```$/gm)].flatMap(([, , block = '']) =>
    block.split('\n'),
  );
  const inline = [...text.matchAll(/`(spillway [^`]+)`/g)].map(([, command = '']) => command);
  return [...blocks, ...inline].map((line) => line.trim().replace(/^\$ /, '')).filter((line) => line !== '');
}

/** Words as a shell takes them: quotes hold together. What follows a redirection is not the command's. */
function words(line: string): string[] {
  const all = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const end = all.indexOf('>');
  return end < 0 ? all : all.slice(0, end);
}

/** Finds the command, has commander read its options and arguments, and performs nothing. */
function read(line: string): void {
  const [, ...args] = words(line);
  let command: Command = commandLine(streams, () => undefined);
  let at = 0;
  for (;;) {
    const next = command.commands.find((one) => one.name() === args[at]);
    if (next === undefined) break;
    command = next;
    at += 1;
  }
  if (command.commands.length > 0) throw new Error(`there is no command ${args.slice(0, at + 1).join(' ')}`);
  command.exitOverride();
  const { operands, unknown } = command.parseOptions(args.slice(at));
  if (unknown.length > 0) throw new Error(`${command.name()} knows no ${unknown.join(' ')}`);
  const { registeredArguments } = command;
  const least = registeredArguments.filter(({ required }) => required).length;
  if (operands.length < least || operands.length > registeredArguments.length) {
    throw new Error(`${command.name()} takes other arguments than ${operands.join(' ')}`);
  }
}

test.each(
  pages.flatMap((page) =>
    commandsIn(page)
      .filter((line) => line.startsWith('spillway '))
      .map((line) => [page, line]),
  ),
)('%s: %s', (_, line) => {
  // A name alone is a command that the text speaks of.
  expect(() => {
    read(line);
  }).not.toThrow();
});

test('a command that is not there is found', () => {
  expect(() => {
    read('spillway aply');
  }).toThrow('there is no command aply');
  expect(() => {
    read('spillway plan throttle --ot plan.json');
  }).toThrow('plan knows no --ot');
  expect(() => {
    read('spillway cost throttle more --updates-per-day 1');
  }).toThrow('other arguments');
});

test.each(pages)('%s: scripts and pages that it names are there', (page) => {
  const text = textOf(page);
  for (const [, path = ''] of text.matchAll(/(?:^|[\s`])((?:infra|test|orchestrator)\/[\w./-]+\.\w+)/g)) {
    expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  }
  for (const [, path = ''] of text.matchAll(/\]\(([\w-]+\.md)\)/g)) {
    expect([path, existsSync(join(root, 'docs', path))]).toEqual([path, true]);
  }
});

test('doctor has a check for what the pages say it finds', () => {
  const codes = [
    ...textOf('first-deploy').matchAll(/`([a-z]+(?:-[a-z]+)+|account|streams|functions|application)`/g),
  ];
  const known = readFileSync(join(root, 'orchestrator', 'doctor', 'checks', 'all-checks.ts'), 'utf8');
  expect(codes.length).toBeGreaterThan(5);
  for (const [, code = ''] of codes) expect(known).toContain(`'./${code}'`);
});

test('what is removed last is what CDK gives out', () => {
  const outputs = readFileSync(join(root, 'orchestrator', 'definition', 'cdk-outputs.ts'), 'utf8');
  for (const [output] of textOf('removal').matchAll(/Spillway[A-Z]\w+/g)) expect(outputs).toContain(output);
});
