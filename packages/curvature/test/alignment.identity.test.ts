// Oracle: identities. The dual's eigenvectors are the explicit matrix's; overlaps of random and equal subspaces are known;
// second moments summed by hand over single examples.
import { expect, test } from 'vitest';
import {
  displacementFractions,
  drawLabels,
  exampleJacobian,
  fisher,
  gramMatrix,
  layerCorrelations,
  primalDirections,
  subspaceOverlap,
} from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { mlp } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { matrixOf, relativeDistance, smallExamples } from './smallExamples.js';

const network = mlp([5, 7, 4, 3], { activation: 'tanh' });
const params = network.init(3, 'float64');
const examples = smallExamples(50, 5, 3);
const labels = drawLabels(network, params, examples, 11);
const sampled = { ...examples, labels };
const N = examples.count;

test('the dual gives the eigenpairs of the explicit Fisher matrix', () => {
  const dual = eigh(gramMatrix(network, params, sampled), N, { vectors: true });
  const operator = fisher(network, params, examples, { kind: 'sampled', seed: 11, dtype: 'float64' });
  const explicit = eigh(matrixOf(operator), network.size, { vectors: true });
  const k = 12;
  expect(relativeDistance(dual.values.subarray(0, k), explicit.values.subarray(0, k))).toBeLessThan(1e-10);
  const jacobian = exampleJacobian(network, params, sampled, { dtype: 'float64' });
  const directions = primalDirections(jacobian, { values: dual.values, vectors: dual.vectors! }, k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++)
      expect(Math.abs(dot(directions, i, directions, j) - Number(i === j))).toBeLessThan(1e-10);
    expect(Math.abs(dot(directions, i, explicit.vectors!, i))).toBeCloseTo(1, 8);
  }
  const overlap = subspaceOverlap(directions, explicit.vectors!.subarray(0, k * network.size), network.size);
  for (const value of overlap) expect(value).toBeCloseTo(1, 8);
});

test('directions of rounding noise are refused', () => {
  const jacobian = exampleJacobian(network, params, sampled, { dtype: 'float64' });
  const values = Float64Array.of(1, 1e-14);
  expect(() => primalDirections(jacobian, { values, vectors: new Float64Array(2 * N) }, 2)).toThrow(/k <= 1/);
  expect(() => primalDirections(jacobian, { values, vectors: new Float64Array(2 * N) }, 3)).toThrow(/\[1, 2\]/);
});

test('two random subspaces overlap by i/size on average', () => {
  const [size, k, draws] = [500, 10, 20];
  let mean = 0;
  for (let draw = 0; draw < draws; draw++) {
    const overlap = subspaceOverlap(randomBasis(k, size, 2 * draw), randomBasis(k, size, 2 * draw + 1), size);
    mean += overlap[k - 1] / draws;
  }
  expect(Math.abs(mean - k / size)).toBeLessThan(0.004);
});

test('overlap and displacement fractions agree where they mean the same', () => {
  const size = 40;
  const basis = randomBasis(6, size, 1);
  const delta = stream({ seed: 9, purpose: 'test-delta' }).normal(new Float64Array(size));
  const { perDirection, cumulative } = displacementFractions(basis, delta);
  const length = Math.sqrt(delta.reduce((sum, x) => sum + x * x, 0));
  const unit = delta.map((x) => x / length);
  expect(subspaceOverlap(basis, unit, size)[0]).toBeCloseTo(perDirection[0], 14);
  expect(cumulative[5]).toBeCloseTo(
    perDirection.reduce((sum, x) => sum + x, 0),
    14,
  );
  // a displacement inside the subspace lies wholly in it
  expect(displacementFractions(basis, basis.subarray(0, size)).cumulative[5]).toBeCloseTo(1, 12);
});

test('correlations of activations and gradients are sums over single examples', () => {
  const whole = layerCorrelations(network, params, examples, { chunkSize: 16 });
  expect(whole.map(({ inputWidth, outputWidth }) => [inputWidth, outputWidth])).toEqual([
    [5, 7],
    [7, 4],
    [4, 3],
  ]);
  const single = Array.from({ length: N }, (_, i) =>
    layerCorrelations(network, params, {
      ...examples,
      inputs: examples.inputs.subarray(5 * i, 5 * i + 5),
      labels: examples.labels.subarray(i, i + 1),
      count: 1,
    }),
  );
  whole.forEach((layer, l) => {
    for (const key of ['activations', 'gradients'] as const) {
      const mean = layer[key].map((_, i) => single.reduce((sum, layers) => sum + layers[l][key][i], 0) / N);
      expect(relativeDistance(layer[key], mean)).toBeLessThan(1e-12);
    }
  });
  // the first layer sees the data
  let second = 0;
  for (let i = 0; i < N; i++) second += (examples.inputs[5 * i] * examples.inputs[5 * i + 3]) / N;
  expect(whole[0].activations[3]).toBeCloseTo(second, 12);
  // softmax minus the label sums to zero over the classes, so each row of its second moments does
  for (let i = 0; i < 3; i++) {
    const row = whole[2].gradients.subarray(3 * i, 3 * i + 3);
    expect(row[i]).toBeGreaterThan(0);
    expect(Math.abs(row[0] + row[1] + row[2])).toBeLessThan(1e-14);
  }
  expect(() => layerCorrelations(network, params, examples, { chunkSize: 0 })).toThrow(/chunkSize/);
});

test('bases that do not fit are refused', () => {
  expect(() => subspaceOverlap(new Float64Array(7), new Float64Array(6), 3)).toThrow(RangeError);
  expect(() => subspaceOverlap(Float64Array.of(2, 0), Float64Array.of(1, 0), 2)).toThrow(/squared length 4/);
  expect(() => displacementFractions(Float64Array.of(1, 0), new Float64Array(2))).toThrow(/finite length above 0/);
});

function dot(a: Float64Array, i: number, b: Float64Array, j: number): number {
  let sum = 0;
  for (let t = 0; t < network.size; t++) sum += a[i * network.size + t] * b[j * network.size + t];
  return sum;
}

/** k orthonormal rows by Gram-Schmidt, twice. */
function randomBasis(k: number, size: number, index: number): Float64Array {
  const rows = stream({ seed: 5, purpose: 'test-basis', index }).normal(new Float64Array(k * size));
  for (let i = 0; i < k; i++) {
    const row = rows.subarray(i * size, (i + 1) * size);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = rows.subarray(j * size, (j + 1) * size);
        const along = row.reduce((sum, x, t) => sum + x * other[t], 0);
        for (let t = 0; t < size; t++) row[t] -= along * other[t];
      }
    }
    const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    for (let t = 0; t < size; t++) row[t] /= length;
  }
  return rows;
}
