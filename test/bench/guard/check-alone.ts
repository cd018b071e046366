import { costOfCheck } from './check';

/** Measures in a process of its own, so that no other size's garbage and shapes are in the way: URL, then how many. */
const [, , url = '', suspensions = ''] = process.argv;
costOfCheck(url, Number(suspensions)).then(
  (cost) => {
    process.stdout.write(JSON.stringify(cost));
  },
  (cause: unknown) => {
    process.stderr.write(`${String(cause)}\n`);
    process.exitCode = 1;
  },
);
