import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { commandLine } from '../../../../orchestrator/cli';

const docs = join(__dirname, '../../../../docs');
const folder = join(docs, 'runbooks');

const program = commandLine(
  { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), env: {} },
  () => undefined,
);

/** Every command line of the command `spillway` in a page: after a prompt, or between backticks in a sentence. */
function commandsOf(text: string): string[] {
  const prompted = [...text.matchAll(/^\$ (spillway .*)$/gm)];
  const quoted = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`(spillway [^`]*)`/g)];
  return [...prompted, ...quoted].map(([, command]) => (command ?? '').replaceAll(/\s+/g, ' '));
}

/** Why a command line is none of the program's; undefined where it is one. */
function problemOf(line: string): string | undefined {
  const words = (line.match(/"[^"]*"|\S+/g) ?? []).slice(1);
  let command: Command = program;
  while (command.commands.length > 0 && words.length > 0 && !words[0]?.startsWith('-')) {
    const [name = ''] = words;
    const next = command.commands.find((one) => one.name() === name);
    if (next === undefined) return `${command.name()} has no command ${name}`;
    command = next;
    words.shift();
  }
  let given = 0;
  while (words.length > 0) {
    const word = words.shift() ?? '';
    if (!word.startsWith('-')) given++;
    else {
      const option = command.options.find(({ long }) => long === word);
      if (option === undefined) return `${command.name()} has no option ${word}`;
      if (option.required && words.shift() === undefined) return `${word} has no value`;
    }
  }
  const most = command.registeredArguments.length;
  return given > most ? `${command.name()} takes ${String(most)} words, not ${String(given)}` : undefined;
}

test.each(readdirSync(folder))('%s has every part, and its commands are there', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  expect(text.startsWith(`# ${file.replace('.md', '')}\n`)).toBe(true);
  for (const part of ['**It means**', '**Users notice**', '## Look', '## Wake someone']) {
    expect(text).toContain(part);
  }
  const wrong = commandsOf(text).flatMap((line) => {
    const problem = problemOf(line);
    return problem === undefined ? [] : [`${line}: ${problem}`];
  });
  expect(wrong).toEqual([]);
});

test.each([
  ['spillway stutus', 'spillway has no command stutus'],
  ['spillway status --wach', 'status has no option --wach'],
  ['spillway snapshots list a b', 'list takes 1 words, not 2'],
])('%s is told from what there is', (line, problem) => {
  expect(problemOf(line)).toBe(problem);
});
