import { recordSpectra, networkSpectrum } from '@hyperribbon/landscape';
import { type Checkpoint, mlp, train } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

const net = mlp([2, 3, 2]);
const examples = {
  inputs: Float64Array.from({ length: 24 }, (_, i) => Math.sin(3 * i) + (i % 2)),
  labels: Int32Array.from({ length: 12 }, (_, i) => i % 2),
  count: 12,
  features: 2,
  classes: 2,
};
const options = { epochs: 4, batchSize: 5, seed: 1, dtype: 'float64' } as const;

describe('spectra that are recorded along a run', () => {
  it('are those of the matrices at the checkpoints, at the start and every other epoch', async () => {
    const spectra = recordSpectra(examples, { count: 3, every: 2, dtype: 'float64', traceSamples: 20 });
    const checkpoints: Checkpoint[] = [];
    await train(net, examples, {
      ...options,
      hooks: [spectra, { onCheckpoint: ({ checkpoint }) => void checkpoints.push(checkpoint) }],
    });
    expect(spectra.moments.map(({ steps }) => steps)).toEqual([0, 6, 12]);
    for (const { steps, values, trace, loss } of spectra.moments) {
      const { weights } = checkpoints.find(({ step }) => step === steps)!;
      const whole = await networkSpectrum(net, weights, examples, { count: 'all', dtype: 'float64' });
      values.forEach((value, i) => expect(Math.abs(value - whole.values[i])).toBeLessThan(1e-9 * whole.values[0]));
      // as many products as there are weights, and more: nothing is random
      expect(Math.abs(trace!.value - whole.values.reduce((sum, x) => sum + x, 0))).toBeLessThan(1e-9 * whole.values[0]);
      expect(Math.abs(loss - whole.loss)).toBeLessThan(1e-12);
    }
    expect(Math.abs(spectra.moments[0].values[0] - spectra.moments[2].values[0])).toBeGreaterThan(1e-6);
  });

  it('end with the run, and go on with the one that resumes it', async () => {
    const whole = recordSpectra(examples, { count: 2, dtype: 'float64' });
    await train(net, examples, { ...options, hooks: [whole] });
    const spectra = recordSpectra(examples, { count: 2, dtype: 'float64' });
    const controller = new AbortController();
    const stopping = { onCheckpoint: ({ steps }: { steps: number }) => (steps === 6 ? controller.abort() : undefined) };
    const first = await train(net, examples, { ...options, signal: controller.signal, hooks: [stopping, spectra] });
    expect([first.reason, first.steps]).toEqual(['aborted', 6]);
    expect(spectra.moments.map(({ steps }) => steps)).toEqual([0, 3]);
    await train(net, examples, { ...options, resume: first.checkpoint, hooks: [spectra] });
    expect(spectra.moments).toEqual(whole.moments);
  });

  it('refuse what they have no use for', () => {
    expect(() => recordSpectra(examples, { every: 0 })).toThrow(
      'recordSpectra: every must be an integer >= 1, got every=0',
    );
    expect(() => recordSpectra(examples, { density: {} } as never)).toThrow(
      'recordSpectra: there is no option density',
    );
  });
});
