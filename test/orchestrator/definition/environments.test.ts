import { join } from 'node:path';
import { type Environment, readEnvironment } from '../../../orchestrator/definition/environments';
import { definitionFolder } from './definition-folder';

const file = `{
  "production": {
    "region": "eu-central-1",
    "account": "000000000000",
    "codeBucket": "code",
    "controlTable": "control",
    "streams": { "usage": "u", "excess": "e", "setAside": "s" },
    "parameters": {
      "limit": 5
    }
  }
}
`;

function read(text: string, name: string): Environment {
  const folder = definitionFolder({ 'environments.json': text });
  try {
    return readEnvironment(join(folder.root, 'environments.json'), name);
  } finally {
    folder.remove();
  }
}

test('an environment is read, and its parameters know their lines', () => {
  const production = read(file, 'production');
  expect(production).toMatchObject({ name: 'production', region: 'eu-central-1', parameters: { limit: 5 } });
  expect(production.lineOf('limit')).toBe(9);
});

test('an environment that is not there: the nearest name is offered', () => {
  expect(() => read(file, 'prodution')).toThrow(/did you mean "production"\?/);
});

test('an unknown key is an error with its line', () => {
  expect(() => read(file.replace('codeBucket', 'codebucket'), 'production')).toThrow(
    /environments\.json:\d+ {2}"codebucket" is not known in .*did you mean "codeBucket"\?/,
  );
});

test('a missing file says what it is for', () => {
  expect(() => readEnvironment('/nowhere/environments.json', 'local')).toThrow(
    /it says where applications run/,
  );
});
