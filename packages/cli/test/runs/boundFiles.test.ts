// What --resume reads: the run that was kept, bit for bit, or a sentence that names the file and the place where it is damaged.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BoundCheckpoint } from '@hyperribbon/pac-bayes/networks';
import { hasCheckpoint, loadCheckpoint, loadPrior, saveCheckpoint, savePrior } from '../../src/bound/boundFiles.js';
import { scratchFolder } from '../runCli.js';

const key = '{"seed":1}';
const epoch = { epoch: 0, risk: 0.5, error: 0.1, kl: 3, estimate: 0.2, learningRate: 0.02 };
const checkpoint: BoundCheckpoint = {
  version: 2,
  network: 'mlp',
  dtype: 'float32',
  seed: 1,
  count: 100,
  batchSize: 10,
  objective: 'kl',
  meansIn: 'basis',
  state: Float32Array.of(1, 2, 0.1),
  slots: [Float32Array.of(3), Float32Array.of(4, 5)],
  renewedAt: Float32Array.of(6),
  step: 10,
  sums: { loss: 0, mistakes: 0 },
  history: [epoch],
  updates: 10,
  slopes: [1, 0.25],
  kl: 3.5,
};
const priorMean = Float32Array.of(0.1, -0);

function kept(change: (json: Record<string, unknown>) => unknown = (json) => json): string {
  const folder = scratchFolder();
  saveCheckpoint(folder, { key, checkpoint, priorMean });
  const file = join(folder, 'checkpoint.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)));
  return folder;
}

describe('a checkpoint', () => {
  it('comes back as it was', () => {
    const folder = kept();
    expect(hasCheckpoint(folder)).toBe(true);
    expect(loadCheckpoint(folder, key)).toEqual({ key, checkpoint, priorMean });
    const { renewedAt: _renewedAt, meansIn: _meansIn, ...bare } = checkpoint;
    saveCheckpoint(folder, { key, checkpoint: { ...bare, slots: [] }, priorMean });
    expect(loadCheckpoint(folder, key).checkpoint).toEqual({ ...bare, slots: [] });
  });

  it.each<[string, (json: Record<string, unknown>) => unknown, RegExp]>([
    [
      'a step that is no number',
      (json) => ({ ...json, step: '10' }),
      /checkpoint\.json: step must be a finite number/u,
    ],
    ['one slope', (json) => ({ ...json, slopes: [1] }), /slopes must be an array of 2/u],
    ['an error above 1', (json) => ({ ...json, history: [{ ...epoch, error: 2 }] }), /history\[0\]\.error must be in/u],
    ['an unknown objective', (json) => ({ ...json, objective: 'x' }), /objective must be "classic" or/u],
    ['another version', (json) => ({ ...json, version: 1 }), /version must be 2, got 1/u],
    ['more slots than arrays', (json) => ({ ...json, slots: 3 }), /checkpoint\.npz lacks the array slot2/u],
    ['nothing in it', () => [], /the record must be an object/u],
    ['another key', (json) => ({ ...json, key: '{"seed":2}' }), /is of a run with other options/u],
  ])('with %s is refused by name', (_name, change, message) => {
    const folder = kept(change);
    expect(() => loadCheckpoint(folder, key)).toThrow(message);
    expect(() => loadCheckpoint(folder, key)).toThrow(/^--resume: /u);
  });

  it('that was cut off in the middle is refused, and so is none', () => {
    const folder = kept();
    writeFileSync(join(folder, 'checkpoint.json'), '{"key":');
    expect(() => loadCheckpoint(folder, key)).toThrow(/checkpoint\.json: the record must be JSON/u);
    rmSync(join(folder, 'checkpoint.npz'));
    expect(() => loadCheckpoint(folder, key)).toThrow(/holds no checkpoint/u);
  });
});

describe('a prior', () => {
  it('comes back for the same options alone', () => {
    const folder = scratchFolder();
    expect(loadPrior(folder, key)).toBeUndefined();
    savePrior(folder, key, priorMean);
    expect(loadPrior(folder, key)).toEqual(priorMean);
    expect(loadPrior(folder, 'other')).toBeUndefined();
  });
});
