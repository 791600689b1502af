// What --resume reads: the run that was kept, bit for bit, or a sentence that names the file and the place where it is damaged.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNpz, writeNpz, type WritableArray } from '@hyperribbon/data';
import type { BoundCheckpoint } from '@hyperribbon/pac-bayes/networks';
import { keptFiles, loadCheckpoint, loadPrior, saveCheckpoint, savePrior } from '../../src/bound/boundFiles.js';
import { readKept, writeKept } from '../../src/runs/keptFile.js';
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

const fileOf = (folder: string): string => join(folder, keptFiles.checkpoint);

/** A checkpoint whose record was changed and signed anew, as a writer with another idea of it would. */
function kept(change: (json: Record<string, unknown>) => unknown = (json) => json): string {
  const folder = scratchFolder();
  saveCheckpoint(folder, { key, checkpoint, priorMean });
  const { record, arrays } = readKept(fileOf(folder), 'test', (value) => value as Record<string, unknown>)!;
  writeKept(fileOf(folder), change(record) as object, Object.fromEntries(arrays));
  return folder;
}

describe('a checkpoint', () => {
  it('is one file, and comes back as it was', () => {
    const folder = kept();
    expect(readdirSync(folder)).toEqual(['checkpoint.npz']);
    expect(loadCheckpoint(folder, key)).toEqual({ key, checkpoint, priorMean });
    const { renewedAt: _renewedAt, meansIn: _meansIn, ...bare } = checkpoint;
    saveCheckpoint(folder, { key, checkpoint: { ...bare, slots: [] }, priorMean });
    expect(loadCheckpoint(folder, key)!.checkpoint).toEqual({ ...bare, slots: [] });
    expect(loadCheckpoint(scratchFolder(), key)).toBeUndefined();
  });

  it.each<[string, (json: Record<string, unknown>) => unknown, RegExp]>([
    ['a step that is no number', (json) => ({ ...json, step: '10' }), /step must be a finite number/u],
    ['one slope', (json) => ({ ...json, slopes: [1] }), /slopes must be an array of 2/u],
    ['an error above 1', (json) => ({ ...json, history: [{ ...epoch, error: 2 }] }), /history\[0\]\.error must be in/u],
    ['an unknown objective', (json) => ({ ...json, objective: 'x' }), /objective must be "classic" or/u],
    ['another version', (json) => ({ ...json, version: 1 }), /version must be 2/u],
    ['more slots than arrays', (json) => ({ ...json, slots: 3 }), /checkpoint\.npz lacks the array slot2/u],
    ['nothing in it', () => [], /must be an object/u],
    ['another key', (json) => ({ ...json, key: '{"seed":2}' }), /is of a run with other options/u],
  ])('with %s is refused by name', (_name, change, message) => {
    const folder = kept(change);
    expect(() => loadCheckpoint(folder, key)).toThrow(message);
    expect(() => loadCheckpoint(folder, key)).toThrow(/^--resume: /u);
  });

  it('that was cut off anywhere is refused, in words', () => {
    const folder = kept();
    const whole = readFileSync(fileOf(folder));
    for (const length of [0, 1, 100, Math.floor(whole.length / 2), whole.length - 1]) {
      writeFileSync(fileOf(folder), whole.subarray(0, length));
      expect(() => loadCheckpoint(folder, key)).toThrow(/checkpoint\.npz is damaged: .* Remove it to start/u);
    }
  });

  it('whose record is of one moment and whose arrays are of another is refused', () => {
    const [early, late] = [scratchFolder(), scratchFolder()];
    saveCheckpoint(early, { key, checkpoint, priorMean });
    saveCheckpoint(late, {
      key,
      checkpoint: { ...checkpoint, step: 20, state: Float32Array.of(1, 2, 0.2) },
      priorMean,
    });
    const members = (folder: string) => new Map(parseNpz(readFileSync(fileOf(folder))));
    for (const name of members(early).keys()) {
      const mixed = members(early).set(name, members(late).get(name)!);
      writeFileSync(fileOf(early), writeNpz(mixed));
      const same = ['slot0', 'slot1', 'renewedAt', 'priorMean'].includes(name);
      const load = () => loadCheckpoint(early, key);
      if (same) expect(load()).toEqual({ key, checkpoint, priorMean });
      else expect(load).toThrow(/was changed after it was written: its digest differs\. Remove it/u);
      saveCheckpoint(early, { key, checkpoint, priorMean });
    }
  });

  it('with one number changed, an array dropped, added or reshaped is refused', () => {
    const folder = kept();
    const changes: ((members: Map<string, WritableArray>) => void)[] = [
      (members) => ((members.get('state')!.data as Float32Array)[2] += 2 ** -24),
      (members) => members.delete('renewedAt'),
      (members) => members.set('slot2', { shape: [1], data: Float32Array.of(1) }),
      (members) => members.set('state', { shape: [3, 1], data: members.get('state')!.data }),
      (members) =>
        members.set('state', { shape: [3], data: Float64Array.from(members.get('state')!.data as Float32Array) }),
    ];
    for (const change of changes) {
      const members = new Map<string, WritableArray>(parseNpz(readFileSync(fileOf(folder))));
      change(members);
      const other = scratchFolder();
      writeFileSync(fileOf(other), writeNpz(members));
      expect(() => loadCheckpoint(other, key)).toThrow(/its digest differs/u);
    }
    const foreign = scratchFolder();
    writeFileSync(fileOf(foreign), writeNpz({ x: { shape: [1], data: Float32Array.of(1) } }));
    expect(() => loadCheckpoint(foreign, key)).toThrow(/is none that a run keeps/u);
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
