import { runTraces } from '../bench/detection-exactness.bench';

/** Three of the traces of `npm run bench -- detection-exactness`: undisturbed, TaskManager lost, restored elsewhere. */
it('the references and the functions state the truth over seeded traces, through a crash and a restore', async () => {
  const traces = await runTraces(0, process.env['SPILLWAY_FULL'] === '1' ? 24 : 3, 540_000);
  expect(traces.map(({ disturbance }) => disturbance).slice(0, 3)).toEqual([
    'none',
    'task manager lost',
    'restored at another parallelism',
  ]);
  for (const trace of traces) {
    expect(trace.excesses).toBeGreaterThan(20);
    expect(trace.function.early).toBeGreaterThan(0);
    expect(trace.sharedKeyFunction.excesses).toBeGreaterThan(20);
    expect(trace.sharedKeyFunction.early).toBeGreaterThan(0);
    const nothing = { missed: 0, wrong: 0, false: 0, episodesStartedBeyondLateness: 0 };
    expect(trace).toMatchObject({
      reference: nothing,
      function: nothing,
      sharedKeyReference: nothing,
      sharedKeyFunction: nothing,
      lateNotSetAside: 0,
      setAsideNotLate: 0,
      countedOverBeyondBound: 0,
    });
  }
}, 600_000);
