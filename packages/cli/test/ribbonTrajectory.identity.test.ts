// Oracle: identities of a recorded run: the same network as `train` of the nn package makes, the same bits however often it was
// stopped, and what the file says is what was written.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examplesIdentity, sloppyGaussian } from '@hyperribbon/data';
import { exp } from '@hyperribbon/kernels';
import { toProbabilities } from '@hyperribbon/linear-dynamics';
import { adam, constantSchedule, logits, momentum, networkToData, sgd, train } from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import { runTrajectory, type TrajectoryJob } from '../src/jobs/trajectory.js';
import { readPartialRun, readRun, runFileName, type RunSettings } from '../src/jobs/trajectoryFile.js';
import { scratchFolder } from './runCli.js';

const examples = sloppyGaussian({ dimension: 6, decay: 0.2, count: 230, classes: 3, seed: 4, hidden: 8 });
const samples = sloppyGaussian({ dimension: 6, decay: 0.2, count: 40, classes: 3, seed: 4, hidden: 8, sample: 1 });
const usual: RunSettings = {
  version: 1,
  name: 'tanh-adam',
  family: 'nonlinear',
  architecture: 'mlp:tanh:6,8,3',
  optimizer: adam(),
  schedule: constantSchedule(0.01),
  batchSize: 50,
  weightDecay: 0,
  initialScale: 1,
  seed: 3,
  epochs: 8,
  inputScale: 1,
  trainIdentity: examplesIdentity(examples),
  samplesIdentity: examplesIdentity(samples),
  deterministic: true,
  kernels: 'deterministic wasm',
};
const jobOf = (settings: RunSettings, folder: string): TrajectoryJob => ({
  settings,
  network: networkToData(parseArchitecture(settings.architecture)),
  train: examples,
  samples,
  trainSamples: 10,
  file: join(folder, runFileName(settings)),
});
/** Runs a job that is stopped before its n-th step: the signal is asked once before each. */
const runStopped = (job: TrajectoryJob, before: number) => {
  let asked = 0;
  const signal = Object.defineProperty(new AbortController().signal, 'aborted', { get: () => ++asked >= before });
  return runTrajectory(job, { signal, report: () => {} });
};
const run = (job: TrajectoryJob) => runStopped(job, Infinity);

describe('a recorded run', () => {
  test.each([
    ['Adam', { optimizer: adam() }],
    [
      'Nesterov momentum with weight decay from a wide start',
      { optimizer: momentum(0.9, { nesterov: true }), weightDecay: 0.05, initialScale: 2 },
    ],
  ])('ends at the network that train of the nn package makes: %s', async (_name, change) => {
    const settings = { ...usual, ...change };
    const job = jobOf(settings, scratchFolder());
    expect((await run(job)).reason).toBe('finished');
    const network = parseArchitecture(settings.architecture);
    const { params } = await train(network, examples, {
      epochs: settings.epochs,
      batchSize: 50,
      optimizer: settings.optimizer,
      schedule: constantSchedule(0.01),
      seed: settings.seed,
      deterministic: true,
      initial: network.init(settings.seed).map((w) => w * settings.initialScale),
      // g‖w‖² with g = strengthPerLearningRate · rate has the slope 2 g w
      ...(settings.weightDecay > 0
        ? { anchor: { at: new Float32Array(network.size), strengthPerLearningRate: settings.weightDecay / (2 * 0.01) } }
        : {}),
    });
    const z = logits(network, params, samples);
    const { amplitudes, steps } = readRun(job.file, settings)!;
    const size = samples.count * 3;
    const p = toProbabilities(amplitudes.slice(-size), 3, new Float32Array(size));
    let worst = 0;
    for (let row = 0; row < size; row += 3) {
      const sum = exp(z[row]) + exp(z[row + 1]) + exp(z[row + 2]);
      for (let c = row; c < row + 3; c++) worst = Math.max(worst, Math.abs(p[c] - exp(z[c]) / sum));
    }
    // 16 bits of √p: 2 · √p · 7.6e-6 at most, and the rounding of float32 training
    expect(worst).toBeLessThan(4e-5);
    expect(steps.at(-1)).toBe(settings.epochs * 5);
    // negative control: the checkpoint before is another network
    const before = toProbabilities(amplitudes.slice(-2 * size, -size), 3, new Float32Array(size));
    expect(Math.max(...before.map((value, i) => Math.abs(value - p[i])))).toBeGreaterThan(4e-4);
  });

  test.each([
    ['Adam', { optimizer: adam() }],
    ['Nesterov momentum with weight decay', { optimizer: momentum(0.9, { nesterov: true }), weightDecay: 1e-2 }],
    ['gradient descent from a wide start', { optimizer: sgd(), initialScale: 3 }],
  ])('stopped and continued, has the bits of one that was not: %s', async (_name, change) => {
    const settings = { ...usual, ...change };
    const whole = jobOf(settings, scratchFolder());
    await run(whole);
    const folder = scratchFolder();
    const pieces = jobOf(settings, folder);
    const first = await runStopped(pieces, 7);
    expect(first).toMatchObject({ reason: 'aborted' });
    expect(existsSync(pieces.file)).toBe(false);
    expect(readPartialRun(pieces.file, settings)?.state.step).toBe(6);
    expect((await runStopped(pieces, 12)).reason).toBe('aborted');
    expect((await run(pieces)).reason).toBe('finished');
    expect(Buffer.compare(readFileSync(pieces.file), readFileSync(whole.file))).toBe(0);
    expect(readdirSync(folder)).toEqual([runFileName(settings)]);
  });

  test('is not run again; one that is damaged, or under another name, is refused in words', async () => {
    const job = jobOf(usual, scratchFolder());
    await run(job);
    const bytes = readFileSync(job.file);
    // it would stop before its first step, if it took any
    expect((await runStopped(job, 1)).reason).toBe('finished');
    writeFileSync(job.file, bytes.subarray(0, 900));
    await expect(run(job)).rejects.toThrow(/^--runs: .*\.npz is damaged: .* Remove it/);
    writeFileSync(job.file, bytes);
    expect(() => readRun(job.file, { ...usual, seed: 4 })).toThrow(
      /holds another run than its name says:\n {2}seed: 3, not 4/,
    );
    rmSync(job.file);
    expect(readRun(job.file, usual)).toBeUndefined();
    await run(job);
    expect(Buffer.compare(readFileSync(job.file), bytes)).toBe(0);
  });

  test('has a file name that tells every setting apart', () => {
    const changes: Partial<RunSettings>[] = [
      {},
      { seed: 4 },
      { epochs: 9 },
      { weightDecay: 1e-4 },
      { optimizer: sgd() },
      { trainIdentity: 'x' },
      { samplesIdentity: 'x' },
      { inputScale: 2 },
      { kernels: 'fast wasm' },
    ];
    expect(new Set(changes.map((change) => runFileName({ ...usual, ...change }))).size).toBe(changes.length);
  });

  test('that diverges ends at its last finite checkpoint and says so', async () => {
    const settings = { ...usual, optimizer: sgd(), schedule: constantSchedule(1e39) };
    const job = jobOf(settings, scratchFolder());
    const { reason, checkpoints } = await run(job);
    expect(reason).toBe('non-finite-loss');
    expect(checkpoints).toBeGreaterThanOrEqual(1);
    // the kept file tells the same
    expect(await run(job)).toMatchObject({ reason, checkpoints });
    expect(readRun(job.file, settings)!.losses.every((value) => Number.isFinite(value))).toBe(true);
  });

  test('keeps loss and error on training and test samples apart', async () => {
    const job = jobOf({ ...usual, epochs: 1 }, scratchFolder());
    await run(job);
    const { losses, amplitudes } = readRun(job.file, { ...usual, epochs: 1 })!;
    const p = toProbabilities(amplitudes.subarray(0, 120), 3, new Float32Array(120));
    const mistakes = (from: number, to: number): number => {
      let count = 0;
      for (let i = from; i < to; i++) {
        const row = Array.from(p.subarray(3 * i, 3 * i + 3));
        if (row.indexOf(Math.max(...row)) !== samples.labels[i]) count++;
      }
      return count / (to - from);
    };
    expect([losses[1], losses[3]]).toEqual([mistakes(0, 10), mistakes(10, 40)]);
  });
});
