import { hessian } from '@hyperribbon/curvature';
import { eigvalsh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { createEvaluator, lossFromData, mlp, type Network, softmaxCrossEntropy } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { type AffineLoss, betterPoint, certifyMinimum, constructMinimum } from '../../src/minima.js';
import { checkSet, golden } from './checkSet.js';

const examples = checkSet();

/** Convolutions of two layers over 2 × 3 images, and dense layers after them. */
const convolutional = stack({
  input: [1, 2, 3],
  layers: [
    { kind: 'conv2d', out: 3, kernel: 3, padding: 1 },
    { kind: 'relu' },
    { kind: 'conv2d', out: 4, kernel: 3, padding: 1 },
    { kind: 'relu' },
    { kind: 'flatten' },
    { kind: 'linear', out: 5 },
    { kind: 'relu' },
    { kind: 'linear', out: 3 },
  ],
});

/** Eigenvalues of the whole Hessian, descending: the certificate never forms it to tell the rank. */
async function spectrum(network: Network, params: Float64Array, kind: AffineLoss): Promise<Float64Array> {
  const matrix = await materialize(
    hessian(network, params, examples, { dtype: 'float64', loss: lossFromData({ kind }) }),
  );
  return eigvalsh(Float64Array.from(matrix), network.size);
}

describe('constructed minima of dense networks', () => {
  for (const row of golden.rows) {
    const { loss, widths } = row;
    it(`${loss}, hidden [${widths.join(', ')}]: all numbers of another program`, async () => {
      const network = mlp([6, ...widths, 3], { activation: 'relu' });
      const { params, kinks } = await constructMinimum(network, examples, { loss });
      const found = await certifyMinimum(network, params, examples, { loss });
      expect(Math.abs(found.loss - row.linearLoss)).toBeLessThan(1e-12);
      expect(found.outputDifference).toBeLessThan(1e-11);
      expect(found.gradientNorm).toBeLessThan(1e-12);
      expect(found.smallest.value).toBeGreaterThan(-1e-10 * found.largest.value);
      expect(kinks.margin).toBeGreaterThan(row.margin - 1e-12);
      expect(kinks.margin).toBeLessThan(row.margin + 1e-12);
      expect(found.rank?.found).toBe(row.rank);
      expect(found.rank?.predicted).toBe(row.rank);
      expect(found.verdict).toBe('local-minimum');
      const values = await spectrum(network, params, loss);
      row.eigenvalues.forEach((value, i) => expect(Math.abs(values[i] - value)).toBeLessThan(1e-9 * values[0]));
      expect(Math.abs(values[0] - row.eigenvalues[0] * (1 + 1e-8))).toBeGreaterThan(1e-9 * values[0]);
      expect(Math.abs(found.largest.value - values[0])).toBeLessThan(1e-9 * values[0]);
    });
  }

  it('no perturbation among 2,000 lowers the loss', async () => {
    const network = mlp([6, 8, 8, 3], { activation: 'relu' });
    const { params } = await constructMinimum(network, examples);
    const evaluator = createEvaluator(network, examples, { dtype: 'float64', loss: softmaxCrossEntropy });
    const { loss: here } = await evaluator.evaluate(params);
    const draws = stream({ seed: 5, purpose: 'perturbation' });
    let [lowest, highest] = [Infinity, -Infinity];
    for (let draw = 0; draw < 2000; draw++) {
      const direction = draws.normal(new Float64Array(network.size));
      const norm = Math.sqrt(direction.reduce((sum, x) => sum + x * x, 0));
      const radius = [1e-3, 1e-2, 3e-2][draw % 3];
      const { loss } = await evaluator.evaluate(params.map((w, i) => w + (radius * direction[i]) / norm));
      [lowest, highest] = [Math.min(lowest, loss - here), Math.max(highest, loss - here)];
    }
    expect(lowest).toBeGreaterThan(-1e-12);
    expect(highest).toBeGreaterThan(1e-6);
  });
});

describe('constructed minima of convolutional networks', () => {
  for (const [loss, rank] of [
    ['softmax-cross-entropy', 14],
    ['squared-error', 17],
  ] as const) {
    it(`${loss}: Dirac filters and offsets reach the loss of the affine model, rank ${rank}`, async () => {
      const { params, model } = await constructMinimum(convolutional, examples, { loss });
      const found = await certifyMinimum(convolutional, params, examples, { loss });
      expect(Math.abs(found.loss - model.loss)).toBeLessThan(1e-12);
      expect(found.gradientNorm).toBeLessThan(1e-12);
      expect(found.rank).toMatchObject({ found: rank, predicted: rank });
      expect(found.verdict).toBe('local-minimum');
      const values = await spectrum(convolutional, params, loss);
      expect(values.filter((value) => value > 1e-10 * values[0]).length).toBe(rank);
      expect(values[values.length - 1]).toBeGreaterThan(-1e-10 * values[0]);
    });
  }

  it('strided windows need as many channels as they leave pixels out, and pooling that loses pixels is refused', async () => {
    const image = { ...examples, features: 4, inputs: examples.inputs.filter((_, i) => i % 6 < 4) };
    const strided = (out: number, more: readonly object[] = []): Network =>
      stack({
        input: [1, 2, 2],
        layers: [
          { kind: 'conv2d', out, kernel: 2, stride: 2 },
          { kind: 'relu' },
          ...(more as never[]),
          { kind: 'flatten' },
          { kind: 'linear', out: 3 },
        ],
      });
    const { outputDifference } = await constructMinimum(strided(4), image);
    expect(outputDifference).toBeLessThan(1e-11);
    await expect(constructMinimum(strided(3), image)).rejects.toThrow('lose pixels');
    const pooled = stack({
      input: [1, 2, 2],
      layers: [
        { kind: 'conv2d', out: 2, kernel: 3, padding: 1 },
        { kind: 'relu' },
        { kind: 'averagePool', size: 2 },
        { kind: 'flatten' },
        { kind: 'linear', out: 3 },
      ],
    });
    await expect(constructMinimum(pooled, image)).rejects.toThrow('lose pixels');
    // of images whose pixels are alike the mean tells all
    const flat = { ...image, inputs: image.inputs.map((_, i) => image.inputs[i - (i % 4)]) };
    const { params } = await constructMinimum(pooled, flat);
    expect((await certifyMinimum(pooled, params, flat)).verdict).toBe('local-minimum');
  });
});

describe('a better point', () => {
  it('is found by training, and shown in the certificate', async () => {
    const network = mlp([6, 32, 32, 3], { activation: 'relu' });
    const { params, model } = await constructMinimum(network, examples);
    const better = await betterPoint(network, examples, { epochs: 800, batchSize: 30, learningRate: 1e-2 });
    const found = await certifyMinimum(network, params, examples, { better });
    expect(found.better?.loss).toBeLessThan(model.loss / 100);
    expect(found.better?.how).toContain('seed 0');
  });
});
