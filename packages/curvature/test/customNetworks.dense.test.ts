// Oracle: for networks that are none of ours, gradients of single examples by central differences of the function itself, and layers written
// out in plain loops.
import { describe, expect, test } from 'vitest';
import {
  type Tensor,
  add,
  conv2d,
  dense,
  matmul,
  mul,
  relu,
  reshape,
  sin,
  tanh,
  transpose,
} from '@hyperribbon/autodiff';
import {
  drawLabels,
  exampleJacobian,
  gaussNewton,
  gramMatrix,
  kroneckerFactors,
  layerCorrelations,
} from '@hyperribbon/curvature';
import { type Network, defineNetwork, logits, unflatten } from '@hyperribbon/nn';
import { matrixOf, relativeDistance, smallExamples } from './smallExamples.js';

/** x → h = tanh(x W₁ + b₁) → h + relu(h W₂ + b₂) → W₃, no bias. */
const residual = defineNetwork({
  name: 'residual',
  inputs: 4,
  classes: 3,
  parameters: [
    { name: 'W1', shape: [4, 5] },
    { name: 'b1', shape: [5] },
    { name: 'W2', shape: [5, 5] },
    { name: 'b2', shape: [5] },
    { name: 'W3', shape: [5, 3] },
  ],
  apply: (p, x) => {
    const h = dense(x, p['W1'], p['b1'], 'tanh');
    return matmul(add(h, dense(h, p['W2'], p['b2'], 'relu')), p['W3']);
  },
});

/** A 4 × 4 image of two channels, channels first, a 2 × 3 filter, tanh, a gain for each channel, a dense layer. */
const filters = defineNetwork({
  name: 'filters',
  inputs: 32,
  classes: 2,
  parameters: [
    { name: 'K', shape: [3, 2, 2, 3] },
    { name: 'c', shape: [3] },
    { name: 'gain', shape: [3], start: 1 },
    { name: 'V', shape: [18, 2] },
    { name: 'd', shape: [2] },
  ],
  apply: (p, x) => {
    const images = reshape(x, [x.shape[0], 2, 4, 4]);
    const z = add(conv2d(images, p['K'], { layout: 'NCHW' }), reshape(p['c'], [3, 1, 1]));
    const h = mul(tanh(z), reshape(p['gain'], [3, 1, 1]));
    return dense(reshape(h, [x.shape[0], 18]), p['V'], p['d']);
  },
});

/** The same weights twice, and their transpose at the end or not. */
const tied = (transposed: boolean): Network =>
  defineNetwork({
    name: 'tied',
    inputs: 3,
    classes: 3,
    parameters: [
      { name: 'W', shape: [3, 3] },
      { name: 'b', shape: [3] },
    ],
    apply: ({ W, b }, x) => dense(dense(x, W, b, 'tanh'), transposed ? transpose(W) : W, b),
  });

/** The layers of {@link tied} with weights of their own. */
const untied = defineNetwork({
  name: 'untied',
  inputs: 3,
  classes: 3,
  parameters: ['1', '2'].flatMap((i) => [
    { name: `W${i}`, shape: [3, 3] },
    { name: `b${i}`, shape: [3] },
  ]),
  apply: (p, x) => dense(dense(x, p['W1'], p['b1'], 'tanh'), p['W2'], p['b2']),
});

/** A chain with weights stored (out, in), sines between, and one class fewer than layers. */
const chain = defineNetwork({
  name: 'chain',
  inputs: 3,
  classes: 2,
  parameters: [
    { name: 'A', shape: [4, 3] },
    { name: 'B', shape: [4, 4] },
    { name: 'C', shape: [4, 2] },
  ],
  apply: ({ A, B, C }, x) => matmul(mul(2, sin(matmul(sin(matmul(x, transpose(A))), B))), C),
});

const networks: readonly (readonly [string, Network, number])[] = [
  ['a residual network', residual, 6],
  ['filters with gains', filters, 5],
  ['weights that are used twice', tied(false), 7],
  ['weights and their transpose', tied(true), 7],
  ['a chain of transposed weights', chain, 9],
  ['one example', filters, 1],
  [
    'one class',
    defineNetwork({
      inputs: 2,
      classes: 1,
      parameters: [{ name: 'w', shape: [2, 1] }],
      apply: ({ w }, x) => sin(matmul(x, w)),
    }),
    4,
  ],
];

/** Rows: the gradient of logit c of every example by all weights, by central differences. */
function logitGradients(network: Network, params: Float64Array, examples: ReturnType<typeof smallExamples>, c: number) {
  const h = 1e-5;
  const rows = new Float64Array(examples.count * network.size);
  for (let k = 0; k < network.size; k++) {
    const [above, below] = [1, -1].map((sign) =>
      logits(
        network,
        params.map((w, i) => (i === k ? w + sign * h : w)),
        examples,
      ),
    );
    for (let i = 0; i < examples.count; i++) {
      const at = i * network.classes + c;
      rows[i * network.size + k] = (above[at] - below[at]) / (2 * h);
    }
  }
  return rows;
}

describe.each(networks)('%s', (_, network, count) => {
  const params = Float64Array.from(network.init(4, 'float64'), (w) => 1.5 * w);
  const examples = smallExamples(count, network.inputs, network.classes);
  const c = network.classes - 1;
  const S = logitGradients(network, params, examples, c);

  test('has the Gram matrix of its gradients', () => {
    const gram = gramMatrix(network, params, examples, { of: c });
    const exact = gram.map((_, k) => {
      const [i, j] = [Math.floor(k / count), k % count];
      let product = 0;
      for (let t = 0; t < network.size; t++) product += S[i * network.size + t] * S[j * network.size + t];
      return product / count;
    });
    expect(relativeDistance(gram, exact)).toBeLessThan(1e-8);
    expect(
      relativeDistance(
        gram,
        exact.map((value) => value * (1 + 1e-7)),
      ),
    ).toBeGreaterThan(1e-8);
  });

  test('has the Jacobian of its gradients', () => {
    const jacobian = exampleJacobian(network, params, examples, { of: c, dtype: 'float64', chunkSize: 3 });
    const found = new Float64Array(S.length);
    for (let i = 0; i < count; i++) {
      const unit = new Float64Array(count);
      unit[i] = 1;
      jacobian.applyTransposed(unit, found.subarray(i * network.size, (i + 1) * network.size));
    }
    expect(relativeDistance(found, S)).toBeLessThan(1e-8);
  });
});

/** Products of columns over rows, Σ_r a_r b_rᵀ, times a scale. */
function moment(rows: readonly (readonly number[])[], scale: number): Float64Array {
  const n = rows[0].length;
  return Float64Array.from({ length: n * n }, (_, k) =>
    rows.reduce((sum, row) => sum + scale * row[Math.floor(k / n)] * row[k % n], 0),
  );
}

test('correlations of a residual network are those of what its loops compute', () => {
  const count = 8;
  const examples = smallExamples(count, 4, 3);
  const params = Float64Array.from(residual.init(5, 'float64'), (w) => 2 * w);
  const { W1, b1, W2, b2, W3 } = unflatten(residual, params);
  const times = (x: readonly number[], W: Float64Array): number[] =>
    Array.from({ length: W.length / x.length }, (_, j) =>
      x.reduce((sum, value, i) => sum + value * W[i * (W.length / x.length) + j], 0),
    );
  const back = (d: readonly number[], W: Float64Array): number[] =>
    Array.from({ length: W.length / d.length }, (_, i) =>
      d.reduce((sum, value, j) => sum + value * W[i * d.length + j], 0),
    );
  const inputs: number[][][] = [[], [], []];
  const deltas: number[][][] = [[], [], []];
  for (let n = 0; n < count; n++) {
    const x = Array.from(examples.inputs.subarray(4 * n, 4 * n + 4));
    const h = times(x, W1).map((z, j) => Math.tanh(z + b1[j]));
    const z2 = times(h, W2).map((z, j) => z + b2[j]);
    const r = h.map((value, j) => value + Math.max(0, z2[j]));
    const z3 = times(r, W3);
    const total = z3.reduce((sum, z) => sum + Math.exp(z), 0);
    const d3 = z3.map((z, j) => Math.exp(z) / total - Number(j === examples.labels[n]));
    const dr = back(d3, W3);
    const d2 = dr.map((d, j) => (z2[j] > 0 ? d : 0));
    const dh = back(d2, W2).map((d, j) => d + dr[j]);
    const d1 = dh.map((d, j) => d * (1 - h[j] * h[j]));
    [x, h, r].forEach((a, l) => inputs[l].push(a));
    [d1, d2, d3].forEach((d, l) => deltas[l].push(d));
  }
  const found = layerCorrelations(residual, params, examples, { chunkSize: 3 });
  expect(found.map(({ weight }) => weight)).toEqual(['W1', 'W2', 'W3']);
  found.forEach(({ activations, gradients }, l) => {
    expect(relativeDistance(activations, moment(inputs[l], 1 / count))).toBeLessThan(1e-13);
    expect(relativeDistance(gradients, moment(deltas[l], 1 / count))).toBeLessThan(1e-13);
  });
});

test('factors of a convolution are moments of its patches and of what comes back, in the order of its weights', () => {
  const count = 6;
  const { inputs } = smallExamples(count, 32, 2);
  const params = Float64Array.from(filters.init(6, 'float64'), (w) => 2 * w);
  const { K, c, gain, V, d } = unflatten(filters, params);
  const unlabelled = { inputs, labels: new Int32Array(count), count, features: 32, classes: 2 };
  const labels = drawLabels(filters, params, unlabelled, 9);
  const patches: number[][] = [];
  const deltas: number[][] = [];
  for (let n = 0; n < count; n++) {
    const z = Array.from({ length: 18 }, () => 0);
    const own: number[][] = [];
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 2; column++) {
        const patch: number[] = [];
        for (let ch = 0; ch < 2; ch++)
          for (let u = 0; u < 2; u++)
            for (let v = 0; v < 3; v++) patch.push(inputs[32 * n + 16 * ch + 4 * (row + u) + column + v]);
        own.push(patch);
        for (let out = 0; out < 3; out++)
          z[6 * out + 2 * row + column] = patch.reduce((sum, x, k) => sum + x * K[12 * out + k], c[out]);
      }
    }
    const t = z.map(Math.tanh);
    const h = t.map((value, i) => gain[Math.floor(i / 6)] * value);
    const logit = [0, 1].map((k) => h.reduce((sum, value, i) => sum + value * V[2 * i + k], d[k]));
    const total = Math.exp(logit[0]) + Math.exp(logit[1]);
    const slope = logit.map((value, k) => Math.exp(value) / total - Number(k === labels[n]));
    patches.push(...own);
    for (let p = 0; p < 6; p++) {
      deltas.push(
        [0, 1, 2].map((out) => {
          const i = 6 * out + p;
          return (slope[0] * V[2 * i] + slope[1] * V[2 * i + 1]) * gain[out] * (1 - t[i] * t[i]);
        }),
      );
    }
  }
  const [first, second] = kroneckerFactors(filters, params, inputs, count, { kind: 'kfac', seed: 9 });
  expect([first.weight, first.bias, first.inputs, first.outputs]).toEqual(['K', 'c', 12, 3]);
  expect([second.weight, second.bias, second.inputs, second.outputs]).toEqual(['V', 'd', 18, 2]);
  expect(relativeDistance(first.input, moment(patches, 1 / (6 * count)))).toBeLessThan(1e-13);
  expect(relativeDistance(first.output, moment(deltas, 1 / count))).toBeLessThan(1e-13);
  // the order of the patches as the program has them is another one
  const { activations } = layerCorrelations(filters, params, { ...unlabelled, labels })[0];
  expect(relativeDistance(first.input, activations)).toBeGreaterThan(1e-3);
});

test('factors of weights that are used twice count the places as positions', () => {
  const network = tied(false);
  const params = Float64Array.from(network.init(2, 'float64'), (w) => 2 * w);
  const { inputs } = smallExamples(9, 3, 3);
  const twice = kroneckerFactors(network, params, inputs, 9, { kind: 'kfac', seed: 1 });
  const both = kroneckerFactors(untied, Float64Array.of(...params, ...params), inputs, 9, { kind: 'kfac', seed: 1 });
  expect(twice.length).toBe(1);
  expect(twice[0].bias).toBe('b');
  expect(
    relativeDistance(
      twice[0].input,
      both[0].input.map((a, i) => (a + both[1].input[i]) / 2),
    ),
  ).toBeLessThan(1e-14);
  expect(
    relativeDistance(
      twice[0].output,
      both[0].output.map((g, i) => g + both[1].output[i]),
    ),
  ).toBeLessThan(1e-14);
  expect(() => kroneckerFactors(tied(true), params, inputs, 9, { kind: 'kfac' })).toThrow(
    'kroneckerFactors: W of tied is used as a matrix and as its transpose',
  );
});

test('the recursion takes any chain of dense layers, exact for one example', async () => {
  const params = Float64Array.from(chain.init(8, 'float64'), (w) => 2 * w);
  const examples = smallExamples(1, 3, 2);
  const matrix = matrixOf(gaussNewton(chain, params, examples, { dtype: 'float64' }));
  const factors = kroneckerFactors(chain, params, examples.inputs, 1);
  expect(factors.map(({ weight, bias }) => [weight, bias])).toEqual([
    ['A', undefined],
    ['B', undefined],
    ['C', undefined],
  ]);
  let offset = 0;
  factors.forEach(({ inputs, outputs, input, output }, l) => {
    const n = inputs * outputs;
    const block = Float64Array.from(
      { length: n * n },
      (_, k) => matrix[(offset + Math.floor(k / n)) * chain.size + offset + (k % n)],
    );
    // A is stored (out, in), the others (in, out)
    const place = (k: number): readonly [number, number] =>
      l === 0 ? [k % inputs, Math.floor(k / inputs)] : [Math.floor(k / outputs), k % outputs];
    const product = block.map((_, k) => {
      const [[i, o], [j, q]] = [place(Math.floor(k / n)), place(k % n)];
      return input[i * inputs + j] * output[o * outputs + q];
    });
    expect(relativeDistance(product, block)).toBeLessThan(1e-12);
    offset += n;
  });
  expect(() => kroneckerFactors(residual, residual.init(0), new Float64Array(4), 1)).toThrow(
    /needs a chain of dense layers with elementwise functions between, which residual is not/,
  );
});

test('a network without parameters that multiply has no factors and no layers', () => {
  const scaled = defineNetwork({
    inputs: 2,
    classes: 2,
    parameters: [{ name: 'gain', shape: [2], start: 1 }],
    apply: ({ gain }: Readonly<Record<string, Tensor>>, x) => relu(mul(x, gain)),
  });
  const examples = smallExamples(5, 2, 2);
  expect(layerCorrelations(scaled, scaled.init(0), examples)).toEqual([]);
  expect(kroneckerFactors(scaled, scaled.init(0), examples.inputs, 5, { kind: 'kfac' })).toEqual([]);
  expect(() => kroneckerFactors(scaled, scaled.init(0), examples.inputs, 5)).toThrow(/chain of dense layers/);
});
