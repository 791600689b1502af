// Oracle: the non-zero spectrum of a Gauss-Newton matrix (1/n) Σ Jᵀ W J is that of the small matrix (1/n) R J Jᵀ Rᵀ with W = Rᵀ R, written out.
import { isArgumentError } from '@hyperribbon/contract';
import {
  fisherDirections,
  fisherSpectrum,
  hessianDirections,
  inputSensitivity,
  layerSpectra,
  networkSpectrum,
} from '@hyperribbon/landscape';
import { inputJacobian } from '@hyperribbon/curvature';
import { eigh, eigvalsh } from '@hyperribbon/lanczos';
import { type Examples, isTargeted, type LossData } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { answersOfRow, denseModel, distance, lossAt } from './dense.js';
import { asked, type Model, models } from './models.js';

/** Eigenvalues of the Gauss-Newton matrix, descending, as many as there are logits. */
function denseSpectrum(model: Model): Float64Array {
  const { loss, examples } = model;
  const own = asked(model);
  const { z, J, size, classes } = denseModel(own.network, own.params, examples);
  const { count } = examples;
  const rows: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const { second } = lossAt(loss, z.subarray(i * classes, (i + 1) * classes), answersOfRow(examples, i));
    const { values, vectors } = eigh(second, classes, { vectors: true });
    values.forEach((value, a) => {
      const row = new Float64Array(size);
      for (let c = 0; c < classes; c++) {
        const weight = Math.sqrt(Math.max(0, value) / count) * vectors![a * classes + c];
        for (let k = 0; k < size; k++) row[k] += weight * J[(i * classes + c) * size + k];
      }
      rows.push(row);
    });
  }
  const gram = Float64Array.from(rows.flatMap((a) => rows.map((b) => a.reduce((sum, x, k) => sum + x * b[k], 0))));
  return eigvalsh(gram, rows.length);
}

function lossData({ loss }: Model): LossData {
  if (loss.tokens !== undefined) return { kind: 'token-cross-entropy', positions: loss.tokens.positions };
  return { kind: loss.name === 'squaredError' ? 'squared-error' : 'softmax-cross-entropy' };
}

describe.each(models)('$name', (model) => {
  const { network, params, examples, parameters } = model;
  const own = asked(model);
  const scope = parameters === undefined ? {} : { parameters };
  const loss = lossData(model);
  const options = { operator: 'ggn', loss, dtype: 'float64', seed: 3, ...scope } as const;

  it('top of the spectrum and trace', async () => {
    const values = denseSpectrum(model);
    const found = await networkSpectrum(network, params, examples, { ...options, count: 2, trace: own.network.size });
    for (const i of [0, 1]) expect(Math.abs(found.values[i] - (values[i] ?? 0))).toBeLessThan(1e-8 * values[0]);
    const trace = values.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(found.trace!.value - trace)).toBeLessThan(1e-8 * trace);
    if (own.network.size > 120) return;
    const layers = await layerSpectra(network, params, examples, { ...options, count: 'all' });
    const sum = layers.reduce((total, layer) => total + layer.trace!.value, 0);
    expect(Math.abs(sum - trace)).toBeLessThan(1e-8 * trace);
  });

  it('directions', async () => {
    const { directions } = await hessianDirections(network, Float32Array.from(params), examples, {
      k: 2,
      loss,
      ...scope,
    });
    expect(directions).toHaveLength(2 * network.size);
    const product = (i: number, j: number): number => {
      let sum = 0;
      for (let k = 0; k < network.size; k++) sum += directions[i * network.size + k] * directions[j * network.size + k];
      return sum;
    };
    expect(distance([product(0, 0), product(0, 1), product(1, 1)], [1, 0, 1])).toBeLessThan(1e-5);
  });

  it('spectra and directions of sampled labels, except of tokens and targets', async () => {
    if (isTargeted(examples)) {
      // forms that draw one label per example
      const wrong = examples as unknown as Examples;
      expect(() => fisherSpectrum(network, params, wrong)).toThrow('fisherSpectrum: examples must have labels');
      const error: unknown = await fisherDirections(network, params, wrong, { k: 1 }).catch(
        (reason: unknown) => reason,
      );
      expect(isArgumentError(error)).toBe(true);
      return;
    }
    const { eigenvalues } = fisherSpectrum(network, params, examples, { seed: 3, ...scope });
    const { values } = await networkSpectrum(network, params, examples, { ...options, operator: 'fisher', count: 1 });
    expect(Math.abs(eigenvalues[0] - values[0])).toBeLessThan(1e-8 * values[0]);
    const found = await fisherDirections(network, Float32Array.from(params), examples, { k: 1, seed: 3, ...scope });
    expect(Math.abs(found.eigenvalues[0] - values[0])).toBeLessThan(1e-3 * values[0]);
  });

  it('sensitivity to the inputs, except to tokens', async () => {
    if (network.vocabulary !== undefined) {
      await expect(inputSensitivity(network, params, examples)).rejects.toThrow('takes tokens');
      return;
    }
    const { frobenius, spectral } = await inputSensitivity(network, params, examples);
    const { outputGram, outputs } = inputJacobian(network, params, examples, { dtype: 'float64' });
    const trace = Array.from({ length: outputs }, (_, c) => {
      const out = new Float64Array(outputs);
      void outputGram.apply(
        Float64Array.from({ length: outputs }, (__, d) => Number(d === c)),
        out,
      );
      return out[c];
    }).reduce((sum, x) => sum + x, 0);
    const mean = frobenius.reduce((sum, norm) => sum + norm * norm, 0) / examples.count;
    expect(Math.abs(mean - trace)).toBeLessThan(1e-11 * trace);
    spectral!.forEach((norm, i) => expect(norm).toBeLessThanOrEqual(frobenius[i] * (1 + 1e-12)));
  });
});
