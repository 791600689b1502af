// Oracle: what was kept. A descent that goes on from its file has the bits of one that was never stopped.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mlp, networkToData, sgd } from '@hyperribbon/nn';
import { expect, test } from 'vitest';
import { runWatchDescent, type WatchDescentJob } from '../../src/jobs/landscape/watchDescent.js';
import { descentFile, forgetDescent, keepDescent, keptDescent } from '../../src/landscape/descentFile.js';

const network = mlp([2, 3, 2], { activation: 'tanh' });
const count = 12;
const inputs = Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(i * i + 1));
const labels = Int32Array.from({ length: count }, (_, i) => (inputs[2 * i] > inputs[2 * i + 1] ? 1 : 0));
const job: WatchDescentJob = {
  network: networkToData(network),
  examples: { inputs, labels, count, features: 2, classes: 2 },
  loss: { kind: 'squared-error' },
  optimizer: sgd(),
  learningRate: 0.1,
  steps: 24,
  batchSize: 4,
  every: 3,
  pairs: 2,
  jacobian: true,
  topShare: true,
  initial: network.init(0, 'float32'),
  seed: 0,
  dtype: 'float32',
  deterministic: true,
};

test('A descent that was stopped goes on from its file to the same bits', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hyperribbon-descent-'));
  const open = new AbortController().signal;
  const whole = await runWatchDescent(job, { signal: open, report: () => {} });
  expect(whole.reason).toBe('finished');
  const stop = new AbortController();
  const half = await runWatchDescent(job, {
    signal: stop.signal,
    report: ({ done }) => {
      if (done >= 11) stop.abort();
    },
  });
  expect(half.reason).toBe('aborted');
  expect(half.trajectory.steps.length).toBeLessThan(whole.trajectory.steps.length);
  expect(keptDescent(folder)).toBeUndefined();
  keepDescent(descentFile(folder), half.state);
  const kept = keptDescent(folder)!;
  expect(kept).toEqual(half.state);
  const resumed = await runWatchDescent({ ...job, resume: kept }, { signal: open, report: () => {} });
  expect(resumed.params).toEqual(whole.params);
  expect(resumed.record).toEqual(whole.record);
  expect(resumed.trajectory).toEqual(whole.trajectory);
  forgetDescent(folder);
  expect(keptDescent(folder)).toBeUndefined();
});
