import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { workFolder } from '../../../infra/local/processes/work-folder';
import { functionArguments } from '../../../orchestrator/release/function-arguments';

test('the runner says of each argument of its functions what a change of it means', () => {
  const declared = functionArguments(join(workFolder, 'runner', 'spillway-runner.jar'));
  for (const name of ['SlidingHeat', 'SharedHeat']) {
    const heat = declared.get(`spillway.functions.${name}`);
    expect(heat?.output).toEqual(['unit_limit']);
    expect(heat?.state).toContain('window');
  }
  expect(declared.get('spillway.functions.Other')).toBeUndefined();
});

test('a JAR without declarations declares nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-jar-'));
  try {
    writeFileSync(join(folder, 'old.jar'), zipSync({ 'spillway/application.json': Buffer.from('{}') }));
    expect(functionArguments(join(folder, 'old.jar'))).toEqual(new Map());
  } finally {
    rmSync(folder, { recursive: true });
  }
});
