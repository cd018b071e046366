// annotate.mjs FOLDER: what the plans in FOLDER say of a detection, on the detection's first line in the pull request.
// DEFINITIONS is the folder with applications (flink-sql).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const { DEFINITIONS: definitions = 'flink-sql' } = process.env;
const data = (text) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

for (const file of readdirSync(folder).filter((name) => /^plan-.*\.json$/.test(name))) {
  const { application, rollout, changes } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  for (const { what, verdict, code, reason } of changes) {
    const detection = /^detection (\S+)$/.exec(what)?.[1];
    if (detection === undefined || verdict === 'none') continue;
    const place = `file=${definitions}/${application}/detections/${detection}.sql,line=1`;
    const level = verdict === 'incompatible' ? 'warning' : 'notice';
    const title = `${verdict} (${code}), brought in by ${rollout}`
      .replaceAll(',', '%2C')
      .replaceAll(':', '%3A');
    process.stdout.write(`::${level} ${place},title=${title}::${data(reason)}\n`);
  }
}
