// Oracle: the measures themselves, of the checkpoints of the same run.
import {
  layerCollapse,
  layerRanks,
  networkCollapse,
  networkOrthogonality,
  recordCollapse,
} from '@hyperribbon/complexity';
import { type Checkpoint, mlp, train } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

const net = mlp([2, 4, 3]);
const examples = {
  inputs: Float64Array.from({ length: 30 }, (_, i) => Math.sin(3 * i) + (i % 2)),
  labels: Int32Array.from({ length: 15 }, (_, i) => i % 3),
  count: 15,
  features: 2,
  classes: 3,
};
const outside = { inputs: examples.inputs.map((x) => -x), count: 15, features: 2 };
const options = { epochs: 4, batchSize: 5, seed: 1, dtype: 'float64' } as const;

describe('collapse that is recorded along a run', () => {
  it('is that of the checkpoints, at the start and every other epoch', async () => {
    const collapse = recordCollapse(examples, { every: 2, layers: true, outside, tolerance: 0.5 });
    const checkpoints: Checkpoint[] = [];
    await train(net, examples, {
      ...options,
      hooks: [collapse, { onCheckpoint: ({ checkpoint }) => void checkpoints.push(checkpoint) }],
    });
    expect(collapse.moments.map(({ steps, epochs }) => [steps, epochs])).toEqual([
      [0, 0],
      [6, 2],
      [12, 4],
    ]);
    for (const { steps, collapse: found, ranks, layers, orthogonality } of collapse.moments) {
      const { weights } = checkpoints.find(({ step }) => step === steps)!;
      expect(found).toEqual(networkCollapse(net, weights, examples));
      expect(orthogonality).toEqual(networkOrthogonality(net, weights, examples, outside));
      expect(ranks).toEqual(layerRanks(net, weights, 0.5));
      expect(layers).toEqual(layerCollapse(net, weights, examples, { tolerance: 0.5 }));
    }
    expect(collapse.moments[0].collapse.variability.trace).not.toBe(collapse.moments[2].collapse.variability.trace);
  });

  it('goes on with the run that resumes another, and has no layers unless they are asked for', async () => {
    const whole = recordCollapse(examples);
    await train(net, examples, { ...options, hooks: [whole] });
    expect(whole.moments.length).toBe(5);
    expect(whole.moments.some((moment) => 'layers' in moment || 'orthogonality' in moment)).toBe(false);
    const collapse = recordCollapse(examples);
    const controller = new AbortController();
    const stopping = { onCheckpoint: ({ steps }: { steps: number }) => (steps === 6 ? controller.abort() : undefined) };
    const first = await train(net, examples, { ...options, signal: controller.signal, hooks: [collapse, stopping] });
    expect([first.reason, first.steps]).toEqual(['aborted', 6]);
    await train(net, examples, { ...options, resume: first.checkpoint, hooks: [collapse] });
    expect(collapse.moments).toEqual(whole.moments);
  });

  it('refuses what it has no use for', () => {
    expect(() => recordCollapse(examples, { every: 0 })).toThrow(
      'recordCollapse: every must be an integer >= 1, got every=0',
    );
    expect(() => recordCollapse(examples, { layers: 1 } as never)).toThrow('layers must be true or false, got 1');
    expect(() => recordCollapse(examples, { tolerance: 0 })).toThrow('tolerance must be in (0, 1)');
    expect(() => recordCollapse(examples, { widest: 0.5 })).toThrow('widest must be an integer');
    expect(() => recordCollapse(examples, { memoryLimit: 0 })).toThrow('memoryLimit must be finite and > 0');
  });
});
