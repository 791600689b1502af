import { add, compile, dense, float64, matmul, relu, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import {
  defineNetwork,
  logits as networkLogits,
  mlp,
  unflatten,
  type Network,
  type ParameterTensors,
} from '@hyperribbon/nn';
import {
  fromBasis,
  noisyForward,
  posteriorErrors,
  toBasis,
  type KroneckerBasis,
} from '@hyperribbon/pac-bayes/networks';
import { describe, expect, it } from 'vitest';
import { blobs, normals, orthonormal, randomBasis, smallNet } from './small.js';

/** Logits of `count` draws for one input x. */
type Draws = (
  network: Network,
  mean: Float64Array,
  std: Float64Array,
  basis: KroneckerBasis | undefined,
  x: Float64Array,
  count: number,
) => Float64Array;

const localDraws: Draws = (network, mean, std, basis, x, count) => {
  const forward = noisyForward(network, { basis, dtype: 'float64' });
  const shapes = forward.noiseShapes(count);
  const specs = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, float64(...shape)]));
  const run = compile(
    (m: ParameterTensors, s: ParameterTensors, inputs: Tensor, noise: readonly Tensor[]) =>
      forward.logits(m, s, inputs, noise),
    [specs, specs, float64(count, x.length), shapes.map((shape) => float64(...shape))],
  );
  const inputs = new Float64Array(count * x.length);
  for (let i = 0; i < count; i++) inputs.set(x, i * x.length);
  const noise = shapes.map(([rows, columns], l) => normals(rows * columns, 50 + l));
  return Float64Array.from(
    run(unflatten(network, mean) as never, unflatten(network, std) as never, inputs, noise as never) as Float64Array,
  );
};

/** The same by drawing all weights, turning them back and running the network itself. */
const wholeDraws: Draws = (network, mean, std, basis, x, count) => {
  const { size, classes } = network;
  const out = new Float64Array(count * classes);
  const specs = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, float64(...shape)]));
  const run = compile((p: ParameterTensors, inputs: Tensor) => network.apply(p, inputs), [specs, float64(1, x.length)]);
  for (let i = 0; i < count; i++) {
    const z = normals(size, 10_000 + i);
    const drawn = z.map((value, k) => mean[k] + std[k] * value);
    const weights = basis === undefined ? drawn : fromBasis(network, drawn, basis);
    out.set(run(unflatten(network, weights) as never, x) as Float64Array, i * classes);
  }
  return out;
};

/** Mean and covariance of rows, with the standard error of each entry. */
function moments(rows: Float64Array, width: number): { value: number[]; error: number[] } {
  const count = rows.length / width;
  const terms: ((r: number) => number)[] = [];
  for (let a = 0; a < width; a++) terms.push((r) => rows[r * width + a]);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b <= a; b++) terms.push((r) => rows[r * width + a] * rows[r * width + b]);
  }
  const value: number[] = [];
  const error: number[] = [];
  for (const term of terms) {
    let [sum, squares] = [0, 0];
    for (let r = 0; r < count; r++) {
      const t = term(r);
      sum += t;
      squares += t * t;
    }
    const mean = sum / count;
    value.push(mean);
    error.push(Math.sqrt((squares / count - mean * mean) / count));
  }
  return { value, error };
}

/** Largest distance of two sets of moments in standard errors of their difference. */
function distance(a: ReturnType<typeof moments>, b: ReturnType<typeof moments>): number {
  return Math.max(
    ...a.value.map((v, i) => Math.abs(v - b.value[i]) / Math.sqrt(a.error[i] * a.error[i] + b.error[i] * b.error[i])),
  );
}

/** x → h = tanh(x A + c) → h + relu(h B) → (out, in) weights, no bias: a network that is none of ours. */
const ownNet = (turned: boolean): Network =>
  defineNetwork({
    name: 'own',
    inputs: 4,
    classes: 3,
    parameters: [
      { name: 'A', shape: [4, 5] },
      { name: 'c', shape: [5] },
      { name: 'B', shape: [5, 5] },
      { name: 'V', shape: turned ? [3, 5] : [5, 3] },
    ],
    apply: ({ A, c, B, V }, inputs) => {
      const h = dense(inputs, A, c, 'tanh');
      return matmul(add(h, relu(matmul(h, B))), turned ? transpose(V) : V);
    },
  });

describe('local reparametrisation', () => {
  const draws = 20_000;
  const mean = normals(smallNet.size, 1);
  const std = normals(smallNet.size, 2, 0.4).map(Math.abs);
  const x = Float64Array.of(0.5, -1, 0.25, 2);

  it.each([
    ['the weights themselves', undefined],
    ['a Kronecker basis', randomBasis(smallNet)],
  ])('gives logits the means and covariances of whole-network draws, in %s', (_, basis) => {
    const local = moments(localDraws(smallNet, mean, std, basis, x, draws), 3);
    const whole = moments(wholeDraws(smallNet, mean, std, basis, x, draws), 3);
    // 9 moments: 4.5 standard errors have probability 6e-5
    expect(distance(local, whole)).toBeLessThan(4.5);
    // the assertion sees deviations 10 % too large
    const wider = std.map((s) => 1.1 * s);
    expect(distance(moments(localDraws(smallNet, mean, wider, basis, x, draws), 3), whole)).toBeGreaterThan(4.5);
  });

  it.each([
    ['the weights of a residual network', ownNet(true), undefined],
    ['a Kronecker basis of a residual network', ownNet(false), randomBasis(ownNet(false))],
  ])('does so in %s', (_, network, basis) => {
    const m = normals(network.size, 1);
    const s = normals(network.size, 2, 0.4).map(Math.abs);
    expect(noisyForward(network, { basis }).kind).toBe('local');
    const local = moments(localDraws(network, m, s, basis, x, draws), 3);
    const whole = moments(wholeDraws(network, m, s, basis, x, draws), 3);
    expect(distance(local, whole)).toBeLessThan(4.5);
    const wider = moments(
      localDraws(
        network,
        m,
        s.map((value) => 1.1 * value),
        basis,
        x,
        draws,
      ),
      3,
    );
    expect(distance(wider, whole)).toBeGreaterThan(4.5);
  });

  it('correlates the outputs of a linear layer as Gᵀ diag(v) G does', () => {
    const net = mlp([4, 3]);
    const basis = { layers: [{ input: orthonormal(4, 1), output: orthonormal(3, 2) }] };
    const [A, G] = [basis.layers[0].input, basis.layers[0].output];
    const m = normals(net.size, 4);
    const s = normals(net.size, 5).map(Math.abs);
    const inBasis = Array.from({ length: 4 }, (_, i) => x.reduce((sum, v, k) => sum + v * A[i * 4 + k], 0));
    const u = [0, 1, 2].map((j) => inBasis.reduce((sum, a, i) => sum + a * m[i * 3 + j], m[12 + j]));
    const v = [0, 1, 2].map((j) => inBasis.reduce((sum, a, i) => sum + a * a * s[i * 3 + j] ** 2, s[12 + j] ** 2));
    const expected = [0, 1, 2].map((c) => u.reduce((sum, value, j) => sum + value * G[j * 3 + c], 0));
    const second: number[] = [];
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b <= a; b++) {
        second.push(expected[a] * expected[b] + v.reduce((sum, w, j) => sum + w * G[j * 3 + a] * G[j * 3 + b], 0));
      }
    }
    const found = moments(localDraws(net, m, s, basis, x, draws), 3);
    const exact = { value: [...expected, ...second], error: found.error.map(() => 0) };
    expect(distance(found, exact)).toBeLessThan(4.5);
    const uncorrelated = { ...exact, value: exact.value.map((w, i) => (i === 4 ? w - 10 * 4.5 * found.error[4] : w)) };
    expect(distance(found, uncorrelated)).toBeGreaterThan(4.5);
  });

  it('has the error of whole-network draws', async () => {
    const examples = blobs(60);
    const posterior = { network: smallNet, mean, std };
    const passes = 200;
    const local = await posteriorErrors(posterior, examples, { passes, seed: 3, dtype: 'float64' });
    const whole = await posteriorErrors(posterior, examples, { passes, seed: 4, dtype: 'float64', noise: 'weights' });
    const rates = [local, whole].map(({ errors, trials }) => errors / trials);
    const sigma = Math.sqrt((rates[0] * (1 - rates[0]) * 2) / local.trials);
    expect(rates[0]).toBeGreaterThan(0.1);
    expect(Math.abs(rates[0] - rates[1])).toBeLessThan(4.5 * sigma);
  });

  it('is the network itself when there is no noise', () => {
    const basis = randomBasis(smallNet);
    const examples = blobs(9);
    const coordinates = toBasis(smallNet, mean, basis);
    const still = new Float64Array(smallNet.size).fill(1e-300);
    const exact = networkLogits(smallNet, mean, examples);
    for (let i = 0; i < 9; i++) {
      const row = localDraws(
        smallNet,
        coordinates,
        still,
        basis,
        examples.inputs.slice(4 * i, 4 * i + 4) as Float64Array,
        1,
      );
      for (let c = 0; c < 3; c++) expect(Math.abs(row[c] - exact[3 * i + c])).toBeLessThan(1e-13);
    }
    expect(fromBasis(smallNet, coordinates, basis).every((w, i) => Math.abs(w - mean[i]) < 1e-13)).toBe(true);
  });
});
