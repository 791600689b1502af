// Oracle: what is written is what is read. Weights come back with the statistics that they were trained with, and a run that goes on from its
// file ends with the bits of one that never stopped.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bufferValues, logits, train, type Checkpoint } from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import { afterAll, expect, it } from 'vitest';
import { checkpointFile, storedCheckpoint, weightsFile } from '../src/commands/trainFiles.js';
import { loadModel } from '../src/input/modelSource.js';

const folder = mkdtempSync(join(tmpdir(), 'train-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const net = parseArchitecture(
  JSON.stringify({
    input: [3],
    layers: [{ kind: 'linear', out: 4 }, { kind: 'batchNorm' }, { kind: 'tanh' }, { kind: 'linear', out: 2 }],
  }),
);
const examples = {
  inputs: Float32Array.from({ length: 60 }, (_, i) => Math.sin(3 * i) + (Math.floor(i / 3) % 2)),
  labels: Int32Array.from({ length: 20 }, (_, i) => i % 2),
  count: 20,
  features: 3,
  classes: 2,
};
const options = { epochs: 3, batchSize: 5, seed: 1, deterministic: true } as const;

it('weights of a network with batch norm come back with their statistics', async () => {
  const run = await train(net, examples, options);
  const file = join(folder, 'weights.npz');
  writeFileSync(file, weightsFile(net, run, examples));
  const { network, model } = await loadModel(file, undefined, 'float32');
  expect(bufferValues(network)).toEqual(run.buffers);
  expect(Float32Array.from(model.params)).toEqual(run.params);
  const settings = { dtype: 'float32', deterministic: true } as const;
  expect(logits(network, run.params, examples, settings)).toEqual(logits(run.network, run.params, examples, settings));
  expect(logits(net, run.params, examples, settings)).not.toEqual(logits(run.network, run.params, examples, settings));
});

it('a run goes on from its file to the bits of one that never stopped', async () => {
  const checkpoints: Checkpoint[] = [];
  const whole = await train(net, examples, {
    ...options,
    hooks: [{ onCheckpoint: ({ checkpoint }) => void checkpoints.push(checkpoint) }],
  });
  for (const checkpoint of checkpoints) {
    const file = join(folder, `${checkpoint.step}.json`);
    expect(storedCheckpoint(file, options)).toBeUndefined();
    writeFileSync(file, checkpointFile(options, checkpoint));
    const resumed = await train(net, examples, { ...options, resume: storedCheckpoint(file, options)! });
    expect([resumed.params, resumed.buffers]).toEqual([whole.params, whole.buffers]);
    expect(() => storedCheckpoint(file, { ...options, seed: 2 })).toThrow(/is of another run:\s+seed: 1, not 2/);
  }
});
