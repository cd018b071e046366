import { resolve } from 'node:path';
import { readDefinition } from '../../../orchestrator/definition/read-definition';
import { definitionFolder } from './definition-folder';

const applicationJson = `{
  "name": "heat",
  "runtime": "FLINK-2_2",
  "capacity": { "parallelism": 2, "parallelismPerKpu": 1 },
  "parameters": {
    "window": { "type": "duration", "default": "2m", "min": "1s", "max": "1h", "doc": "How far back." },
    "limit": { "type": "integer", "default": 60000, "min": 1, "doc": "Units per window." }
  }
}
`;
const detection = `-- A comment may speak of \${anything}.
INSERT INTO excess
SELECT k FROM heat
WHERE units > \${limit} AND since > \${window - 1s};
`;

function read(changes: Readonly<Record<string, string>>): unknown {
  const folder = definitionFolder({
    'heat/application.json': applicationJson,
    'heat/detections/heat.sql': detection,
    ...changes,
  });
  try {
    return readDefinition(folder.root, 'heat');
  } finally {
    folder.remove();
  }
}

test('a definition is read with its files', () => {
  const definition = read({ 'heat/tables/excess.sql': 'CREATE TABLE excess (k INT);' });
  expect(definition).toMatchObject({ name: 'heat', capacity: { parallelism: 2 } });
  expect([...(definition as { files: Map<string, string> }).files.keys()]).toEqual([
    'application.json',
    'tables/excess.sql',
    'detections/heat.sql',
  ]);
});

test('the throttle application is valid', () => {
  const definition = readDefinition(resolve(__dirname, '../../../flink-sql'), 'throttle');
  expect(definition.name).toBe('throttle');
});

test('an application that is not there: the nearest name is offered', () => {
  const folder = definitionFolder({ 'heat/application.json': applicationJson });
  expect(() => readDefinition(folder.root, 'haet')).toThrow(/no application "haet".*did you mean "heat"\?/);
  folder.remove();
});

test('an unknown key is an error with its line and the nearest known one', () => {
  const changed = applicationJson.replace('"max": "1h", "doc"', '"maxx": "1h", "doc"');
  expect(() => read({ 'heat/application.json': changed })).toThrow(
    /heat\/application\.json:6 {2}"maxx" is not known in parameters\.window \(did you mean "max"\?\)/,
  );
});

test('text that is no JSON is an error that names the file', () => {
  expect(() => read({ 'heat/application.json': '{' })).toThrow(/heat\/application\.json.*\[not-json\]/s);
});

test('an ill-typed default is an error with its line', () => {
  const changed = applicationJson.replace('"default": "2m"', '"default": "2 minutes"');
  expect(() => read({ 'heat/application.json': changed })).toThrow(
    /application\.json:6 {2}parameters\.window\.default is "2 minutes", but a duration/,
  );
});

test('a default out of its bounds is an error', () => {
  const changed = applicationJson.replace('"default": "2m"', '"default": "2h"');
  expect(() => read({ 'heat/application.json': changed })).toThrow(
    /:6 {2}window: its default is 2h, more than its max 1h {2}\[parameter-bounds\]/,
  );
});

test('an undeclared parameter is an error with file, line and the nearest one', () => {
  const changed = detection.replace('${limit}', '${limmit}');
  expect(() => read({ 'heat/detections/heat.sql': changed })).toThrow(
    /heat\/detections\/heat\.sql:4 {2}\$\{limmit\} is no parameter \(did you mean "limit"\?\)/,
  );
});

test('a declared parameter that no SQL uses is an error', () => {
  const changed = detection.replace('${limit}', '5');
  expect(() => read({ 'heat/detections/heat.sql': changed })).toThrow(
    /application\.json:7 {2}limit is used by no SQL file/,
  );
});

test('only a duration can be made shorter', () => {
  const changed = detection.replace('${limit}', '${limit - 1s}');
  expect(() => read({ 'heat/detections/heat.sql': changed })).toThrow(/\[placeholder-arithmetic\]/);
});

test('every problem is told at once', () => {
  const changed = detection.replace('${limit}', '${limmit} + ${1x}');
  expect(() => read({ 'heat/detections/heat.sql': changed })).toThrow(/has 3 problems/);
});

test('the folder and the name must agree', () => {
  const changed = applicationJson.replace('"name": "heat"', '"name": "cold"');
  expect(() => read({ 'heat/application.json': changed })).toThrow(
    /:2 {2}name is "cold", but the folder is heat/,
  );
});
