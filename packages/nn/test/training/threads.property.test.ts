import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adamW, muon, sam, train, type TrainOptions } from '@hyperribbon/nn';
import { describe, expect, it, vi } from 'vitest';
import { blobs } from '../blobs.js';
import { normalized } from './trainingNetworks.js';

const net = normalized(5, 3, { dropout: 0.4 });
const examples = blobs(53, 5, 3);
const options: TrainOptions = { epochs: 3, batchSize: 16, seed: 4, deterministic: true, optimizer: adamW() };

describe('threads', () => {
  it.each(['float32', 'float64'] as const)('1, 2, 3 and none give the same bits in %s', async (dtype) => {
    const same: TrainOptions = { ...options, dtype, batchSize: 18, microBatch: 3, optimizer: muon() };
    const alone = await train(net, examples, same);
    for (const workers of [1, 2, 3]) {
      const shared = await train(net, examples, { ...same, workers });
      expect(shared.params).toEqual(alone.params);
      expect(shared.buffers).toEqual(alone.buffers);
      expect(shared.history).toEqual(alone.history);
    }
    const controller = new AbortController();
    const stop = { onStep: ({ steps }: { steps: number }) => (steps === 5 ? controller.abort() : undefined) };
    const first = await train(net, examples, { ...same, workers: 2, signal: controller.signal, hooks: [stop] });
    expect((await train(net, examples, { ...same, workers: 3, resume: first.checkpoint })).params).toEqual(
      alone.params,
    );
  });

  it('give the same bits where gradients are taken at w + ε', async () => {
    const same: TrainOptions = { ...options, microBatch: 6, sharpnessAware: sam(0.1) };
    const alone = await train(net, examples, same);
    const shared = await train(net, examples, { ...same, workers: 2 });
    expect([shared.params, shared.buffers, shared.history]).toEqual([alone.params, alone.buffers, alone.history]);
    expect((await train(net, examples, { ...options, microBatch: 6 })).params).not.toEqual(alone.params);
  });

  it('are replaced when they die, and the run has the same bits', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mortal-'));
    const died = join(folder, 'died');
    vi.stubEnv('MORTAL_WORKER', died);
    const workerUrl = new URL('./mortalWorker.mjs', import.meta.url);
    const same: TrainOptions = { ...options, microBatch: 8 };
    const alone = await train(net, examples, same);
    expect((await train(net, examples, { ...same, workers: 2, workerUrl })).params).toEqual(alone.params);
    expect(existsSync(died)).toBe(true);
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('that cannot be started reject the run and say which script was tried', async () => {
    const workerUrl = new URL('./nowhere.mjs', import.meta.url);
    await expect(train(net, examples, { ...options, microBatch: 8, workers: 2, workerUrl })).rejects.toThrow(
      /train: worker 1: .*; tried file:.*nowhere\.mjs, given as workerUrl/,
    );
  });

  it('need to know what they share', async () => {
    await expect(train(net, examples, { ...options, workers: 2 })).rejects.toThrow(
      'train: workers share the micro-batches of a batch: give microBatch, such as a quarter of batchSize',
    );
    await expect(train(net, examples, { ...options, microBatch: 4, workers: 0 })).rejects.toThrow(
      'train: workers must be an integer >= 1, got workers=0',
    );
  });
});
