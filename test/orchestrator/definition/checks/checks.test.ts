import { allChecks } from '../../../../orchestrator/definition/checks/all-checks';
import { allowedSettings } from '../../../../orchestrator/definition/checks/set-not-allowed';
import { runSpillway } from '../../run-spillway';
import { definitionFolder } from '../definition-folder';

const parameters = {
  window: { type: 'duration', default: '2m', doc: 'How far back.' },
  limit: { type: 'integer', default: 100, min: 1, doc: 'Units per window.' },
  excess_stream: { type: 'text', default: 'arn', doc: 'Where excesses go.' },
};
const header = ['Question', 'Window', 'Limit', 'Speaks', 'Late data', 'State']
  .map((field) => `-- ${field}: it says so.\n`)
  .join('');
const detection = `${header}
INSERT INTO excess SELECT units FROM heat WHERE units > \${limit} AND since > \${window};
`;
const table = `CREATE TABLE excess (
    units BIGINT,
    extra AS units + 1,
    arrival TIMESTAMP(3) METADATA VIRTUAL,
    WATERMARK FOR arrival AS arrival
) WITH ('connector' = 'kinesis', 'stream.arn' = \${excess_stream});
`;
const environments = {
  local: {
    region: 'us-east-1',
    account: '000000000000',
    codeBucket: 'spillway-code',
    controlTable: 'spillway-control',
    streams: { usage: 'u', excess: 'e', setAside: 's' },
  },
};

interface Files {
  readonly parameters?: Readonly<Record<string, object>>;
  readonly detection?: string;
  readonly table?: string;
  readonly usageRetention?: string;
}

/** What `spillway validate --json` finds in an application with these files, as `code file:line`. */
async function found(files: Files): Promise<string[]> {
  const folder = definitionFolder({
    'heat/application.json': JSON.stringify(
      {
        name: 'heat',
        runtime: 'FLINK-2_2',
        capacity: { parallelism: 1, parallelismPerKpu: 1 },
        parameters: files.parameters ?? parameters,
      },
      null,
      2,
    ),
    'heat/detections/heat.sql': files.detection ?? detection,
    'heat/tables/excess.sql': files.table ?? table,
    'environments.json': JSON.stringify({
      local: {
        ...environments.local,
        ...(files.usageRetention === undefined ? {} : { usageRetention: files.usageRetention }),
      },
    }),
  });
  try {
    const { exitCode, stdout } = await runSpillway(['validate', '--json', '--definitions', folder.root]);
    const { problems } = JSON.parse(stdout) as { problems: { code: string; file: string; line: number }[] };
    expect(exitCode).toBe(problems.length === 0 ? 0 : 1);
    return problems.map(({ code, file, line }) => `${code} ${file}:${line}`);
  } finally {
    folder.remove();
  }
}

function withSql(sql: string): string {
  return detection.replace('SELECT units FROM heat', sql);
}

const situations: Readonly<Record<string, readonly [Files, readonly string[]]>> = {
  'nothing wrong': [{}, []],
  'a default of another type': [
    { parameters: { ...parameters, limit: { type: 'integer', default: 0, min: 1, doc: 'x' } } },
    ['parameter-bounds heat/application.json:16'],
  ],
  'a parameter that is not declared': [
    { detection: detection.replace('${limit}', '${limit} + ${more}') },
    ['parameter-unknown heat/detections/heat.sql:8'],
  ],
  'a parameter that nothing uses': [
    { detection: detection.replace('${limit}', '5') },
    ['parameter-unused heat/application.json:14'],
  ],
  'a placeholder of another form': [
    { detection: detection.replace('${limit}', '${limit} + ${2 * limit}') },
    ['placeholder-form heat/detections/heat.sql:8'],
  ],
  'arithmetic on an integer': [
    { detection: detection.replace('${limit}', '${limit - 1s}') },
    ['placeholder-arithmetic heat/detections/heat.sql:8'],
  ],
  'an interval of three digits': [
    { detection: withSql("SELECT units, INTERVAL '119' SECOND FROM heat") },
    ['interval-overflow heat/detections/heat.sql:8'],
  ],
  'intervals that fit': [
    {
      detection: withSql(
        "SELECT INTERVAL '99' SECOND, INTERVAL '119' SECOND(3), INTERVAL '1:59' MINUTE TO SECOND FROM heat",
      ),
    },
    [],
  ],
  'a setting outside the list': [
    { detection: `${header}SET 'parallelism.default' = '4';\n${detection}` },
    ['set-not-allowed heat/detections/heat.sql:7'],
  ],
  'a column that an excess lacks': [
    { table: table.replace('units BIGINT', 'units BIGINT,\n    unitz BIGINT') },
    ['sink-column heat/tables/excess.sql:3'],
  ],
  'a header without two of its fields': [
    { detection: detection.replace('-- Late data: it says so.\n', '').replace('-- State', '-- Stat') },
    ['header-field heat/detections/heat.sql:1'],
  ],
  'a header that promises another action than is written': [
    {
      detection: `-- Action: notify: people are told.\n${withSql("SELECT units, 'suspend' AS action FROM heat")}`,
    },
    ['header-action heat/detections/heat.sql:9'],
  ],
  'a header that promises an action nobody knows': [
    { detection: `-- Action: ban\n${withSql("SELECT units, 'ban' AS action FROM heat")}` },
    ['header-action heat/detections/heat.sql:1'],
  ],
  'an action that the header does not promise': [
    { detection: withSql("SELECT units, 'suspend' AS action FROM heat") },
    ['header-action heat/detections/heat.sql:1'],
  ],
  'an action that is promised and not written': [
    { detection: `-- Action: notify\n${detection}` },
    ['header-action heat/detections/heat.sql:1'],
  ],
  'an action that is promised and written': [
    { detection: `-- Action: notify\n${withSql("SELECT units, 'notify' AS action FROM heat")}` },
    [],
  ],
  'a star': [{ detection: withSql('SELECT * FROM heat') }, ['select-star heat/detections/heat.sql:8']],
  'a qualified star': [
    { detection: withSql('SELECT h.* FROM heat AS h') },
    ['select-star heat/detections/heat.sql:8'],
  ],
  'stars that multiply, count or stand in comments': [
    { detection: withSql("SELECT 2 * units, COUNT(*), '*' /* SELECT * */ FROM heat -- SELECT *\n") },
    [],
  ],
  'an old window': [
    { detection: withSql("SELECT SUM(units) FROM heat GROUP BY TUMBLE(rowtime, INTERVAL '1' MINUTE)") },
    ['legacy-window heat/detections/heat.sql:8'],
  ],
  'a window table function': [
    {
      detection: withSql(
        "SELECT units FROM TABLE(TUMBLE(TABLE heat, DESCRIPTOR(rowtime), INTERVAL '1' MINUTE))",
      ),
    },
    [],
  ],
  'LAG without a time to live': [
    { detection: withSql('SELECT LAG(units) OVER (ORDER BY rowtime) FROM heat') },
    ['state-unbounded heat/detections/heat.sql:8'],
  ],
  'LAG with one': [
    {
      detection: `${header}SET 'table.exec.state.ttl' = '10 min';\n${withSql('SELECT LAG(units) OVER (ORDER BY rowtime) FROM heat')}`,
    },
    [],
  ],
  'a join of streams': [
    { detection: withSql('SELECT a.units FROM heat AS a JOIN heat AS b ON a.k = b.k') },
    ['state-unbounded heat/detections/heat.sql:8'],
  ],
  'unnesting is no join of streams': [
    { detection: withSql('SELECT units FROM heat CROSS JOIN UNNEST(entries) AS entry (units)') },
    [],
  ],
  'a window that the stream does not keep': [
    { usageRetention: '1m' },
    ['window-retention environments.json:0'],
  ],
};

test.each(Object.entries(situations))('validate: %s', async (_, [files, expected]) => {
  expect((await found(files)).map((line) => line.replace(/(environments\.json):\d+/, '$1:0'))).toEqual(
    expected,
  );
});

test('every check has a code of its own, a line of help, and a situation above that it finds', () => {
  const codes = allChecks.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(allChecks.filter(({ help }) => help.length < 20)).toEqual([]);
  const told = new Set(
    Object.values(situations).flatMap(([, lines]) => lines.map((line) => line.split(' ')[0])),
  );
  // These two have cases of their own in read-definition.test.ts.
  expect(codes.filter((code) => !told.has(code)).sort()).toEqual(['no-detection', 'parameter-ill-typed']);
});

test('the settings that may be SET are the runner’s', async () => {
  const folder = definitionFolder({
    'heat/application.json': JSON.stringify({
      name: 'heat',
      runtime: 'FLINK-2_2',
      capacity: { parallelism: 1, parallelismPerKpu: 1 },
      parameters: {},
    }),
    'heat/detections/heat.sql': allowedSettings.map((key) => `SET '${key}' = 'nonsense';`).join('\n'),
    'environments.json': JSON.stringify(environments),
  });
  try {
    const { stderr } = await runSpillway(['render', '--definitions', folder.root]);
    // It complains of values, never of a name.
    expect(stderr).toContain('set-ill-typed');
    expect(stderr).not.toContain('may not be set');
  } finally {
    folder.remove();
  }
});

test('problems annotate a pull request', async () => {
  const folder = definitionFolder({
    'heat/application.json': JSON.stringify({
      name: 'heat',
      runtime: 'FLINK-2_2',
      capacity: { parallelism: 1, parallelismPerKpu: 1 },
      parameters: {},
    }),
    'heat/detections/heat.sql': `${header}INSERT INTO t SELECT * FROM s;`,
    'environments.json': JSON.stringify(environments),
  });
  try {
    const { exitCode, stdout } = await runSpillway([
      'validate',
      '--format',
      'github',
      '--definitions',
      folder.root,
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toBe(
      `::error file=${folder.root}/heat/detections/heat.sql,line=7,title=select-star::SELECT * is not allowed: name the columns\n`,
    );
  } finally {
    folder.remove();
  }
});
