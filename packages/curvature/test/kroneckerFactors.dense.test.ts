import { drawLabels, gaussNewton, kroneckerFactors, layerCorrelations } from '@hyperribbon/curvature';
import { materialize } from '@hyperribbon/linop';
import { lenet, logits, mlp, type Network } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

function normals(length: number, index: number): Float64Array {
  return stream({ seed: 5, purpose: 'test/kronecker', index }).normal(new Float64Array(length));
}

function examplesFor(network: Network, count: number) {
  const labels = Int32Array.from({ length: count }, (_, i) => i % network.classes);
  const { inputs: features, classes } = network;
  return { inputs: normals(count * features, 1), labels, count, features, classes };
}

/** The Gauss-Newton matrix of the mean loss, dense. */
async function denseMatrix(network: Network, params: Float64Array, count: number): Promise<Float64Array> {
  const operator = gaussNewton(network, params, examplesFor(network, count), { dtype: 'float64', deterministic: true });
  return Float64Array.from(await materialize(operator));
}

/** Largest distance of a block of weights from output ⊗ input, relative to the largest entry of the block. */
function weightBlockError(
  matrix: Float64Array,
  size: number,
  offset: number,
  { inputs, outputs, input, output }: ReturnType<typeof kroneckerFactors>[number],
  scale = 1,
): number {
  let [worst, largest] = [0, 0];
  const weights = inputs * outputs;
  for (let a = 0; a < weights; a++) {
    for (let b = 0; b < weights; b++) {
      const [i, o] = [Math.floor(a / outputs), a % outputs];
      const [j, q] = [Math.floor(b / outputs), b % outputs];
      const exact = matrix[(offset + a) * size + offset + b];
      largest = Math.max(largest, Math.abs(exact));
      worst = Math.max(worst, Math.abs(scale * input[i * inputs + j] * output[o * outputs + q] - exact));
    }
  }
  return worst / largest;
}

function relativeDistance(a: Float64Array, b: Float64Array): number {
  let [worst, largest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    worst = Math.max(worst, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(b[i]));
  }
  return worst / largest;
}

describe('kroneckerFactors', () => {
  it.each(['tanh', 'relu', 'sigmoid'] as const)('are the exact blocks for one example, %s', async (activation) => {
    const network = mlp([3, 4, 5, 3], { activation });
    const params = normals(network.size, 2);
    const matrix = await denseMatrix(network, params, 1);
    const factors = kroneckerFactors(network, params, examplesFor(network, 1).inputs, 1);
    let offset = 0;
    for (const factor of factors) {
      expect(weightBlockError(matrix, network.size, offset, factor)).toBeLessThan(1e-12);
      expect(weightBlockError(matrix, network.size, offset, factor, 1 + 1e-11)).toBeGreaterThan(1e-12);
      offset += factor.inputs * factor.outputs;
      // the bias block is the output factor
      for (let o = 0; o < factor.outputs; o++) {
        for (let q = 0; q < factor.outputs; q++) {
          const exact = matrix[(offset + o) * network.size + offset + q];
          expect(Math.abs(factor.output[o * factor.outputs + q] - exact)).toBeLessThan(1e-12);
        }
      }
      offset += factor.outputs;
    }
  });

  it('average inputs and output curvature over many examples', async () => {
    const network = mlp([3, 4]);
    const params = normals(network.size, 3).map((w) => 0.3 * w);
    const count = 1203;
    const [{ input, output }] = kroneckerFactors(network, params, examplesFor(network, count).inputs, count);
    const { inputs } = examplesFor(network, count);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        let sum = 0;
        for (let n = 0; n < count; n++) sum += inputs[3 * n + i] * inputs[3 * n + j];
        expect(Math.abs(input[3 * i + j] - sum / count)).toBeLessThan(1e-13);
      }
    }
    // the bias block of a linear model is the mean of diag(p) − ppᵀ exactly
    const matrix = await denseMatrix(network, params, count);
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        const exact = matrix[(12 + i) * network.size + 12 + j];
        expect(Math.abs(output[4 * i + j] - exact)).toBeLessThan(1e-14);
      }
    }
  });

  it('of KFAC are second moments for labels drawn from the model, with KFRA as their expectation for one example', () => {
    const network = mlp([3, 4, 5, 3], { activation: 'tanh' });
    const params = normals(network.size, 2);
    const many = examplesFor(network, 40);
    const sampled = kroneckerFactors(network, params, many.inputs, 40, { kind: 'kfac', seed: 3 });
    const labels = drawLabels(network, params, many, 3);
    expect(new Set(labels).size).toBe(3);
    layerCorrelations(network, params, { ...many, labels }).forEach(({ activations, gradients }, l) => {
      expect(relativeDistance(sampled[l].input, activations)).toBeLessThan(1e-14);
      expect(relativeDistance(sampled[l].output, gradients)).toBeLessThan(1e-14);
    });
    const other = kroneckerFactors(network, params, many.inputs, 40, { kind: 'kfac', seed: 4 });
    expect(relativeDistance(sampled[0].output, other[0].output)).toBeGreaterThan(1e-3);
    expect(kroneckerFactors(network, params, many.inputs, 40)).toEqual(
      kroneckerFactors(network, params, many.inputs, 40, { kind: 'kfra' }),
    );
    // one example: the sum over labels, each with its probability, is what the recursion gives
    const one = examplesFor(network, 1);
    const logit = Float64Array.from(logits(network, params, one));
    const total = logit.reduce((sum, z) => sum + Math.exp(z), 0);
    kroneckerFactors(network, params, one.inputs, 1).forEach(({ output }, l) => {
      const mean = new Float64Array(output.length);
      for (let c = 0; c < 3; c++) {
        const { gradients } = layerCorrelations(network, params, { ...one, labels: Int32Array.of(c) })[l];
        for (let i = 0; i < mean.length; i++) mean[i] += (Math.exp(logit[c]) / total) * gradients[i];
      }
      expect(relativeDistance(output, mean)).toBeLessThan(1e-12);
    });
  });

  it('are symmetric and positive semidefinite in their diagonals', () => {
    const network = mlp([6, 8, 3], { activation: 'relu' });
    for (const { input, output, inputs, outputs } of kroneckerFactors(
      network,
      normals(network.size, 4),
      normals(60 * 6, 5),
      60,
    )) {
      for (const [matrix, n] of [
        [input, inputs],
        [output, outputs],
      ] as const) {
        for (let i = 0; i < n; i++) {
          expect(matrix[i * n + i]).toBeGreaterThanOrEqual(0);
          for (let j = 0; j < n; j++) expect(matrix[i * n + j]).toBe(matrix[j * n + i]);
        }
      }
    }
  });

  it('refuse inputs that do not fit, and by recursion what is no chain of dense layers', () => {
    const network = mlp([3, 2]);
    const params = normals(network.size, 6);
    expect(() => kroneckerFactors(network, params, new Float64Array(7), 2)).toThrow(
      'kroneckerFactors: inputs must hold count × 3 numbers with count ≥ 1, got 7 and count=2',
    );
    const images = lenet({ channels: [2, 2], hidden: [3], classes: 2 });
    expect(() => kroneckerFactors(images, images.init(0), new Float64Array(784), 1)).toThrow(
      "kroneckerFactors: kind 'kfra' needs a chain of dense layers with elementwise functions between, which lenet:2,2:3:2 is not; kind 'kfac' takes any network",
    );
  });
});
