import { add, compile, float64, matmul, mul, tanh, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import {
  defineNetwork,
  lenet,
  logits as networkLogits,
  mlp,
  parameterSpecs,
  unflatten,
  type Network,
  type ParameterTensors,
} from '@hyperribbon/nn';
import { allCnn } from '@hyperribbon/nn/models';
import { noisyForward, posteriorErrors, type NoiseKind } from '@hyperribbon/pac-bayes/networks';
import { describe, expect, it } from 'vitest';
import { normals } from './small.js';

interface Case {
  readonly network: Network;
  readonly mean: Float64Array;
  readonly x: Float64Array;
}

function caseOf(network: Network, x: Float64Array): Case {
  return { network, mean: Float64Array.from(network.init(3, 'float64')).map((w) => 3 * w), x };
}

const convolutional = caseOf(lenet({ channels: [2, 3], hidden: [6], classes: 3 }), normals(784, 60).map(Math.abs));

/** Weights that are used twice, a gain, and a dense layer of weights stored (out, in) behind. */
const reused = caseOf(
  defineNetwork({
    name: 'reused',
    inputs: 4,
    classes: 3,
    parameters: [
      { name: 'W', shape: [4, 4] },
      { name: 'V', shape: [3, 4] },
      { name: 'd', shape: [3] },
      { name: 'gain', shape: [4], start: 0.5 },
    ],
    apply: ({ W, V, d, gain }, x) => add(matmul(mul(tanh(matmul(tanh(matmul(x, W)), W)), gain), transpose(V)), d),
  }),
  Float64Array.of(0.5, -1, 0.25, 2),
);

/** Logits of `count` draws, one example at a time. */
function draws({ network, mean, x }: Case, kind: NoiseKind, std: Float64Array, count: number): Float64Array {
  const forward = noisyForward(network, { kind, dtype: 'float64' });
  const shapes = forward.noiseShapes(1);
  const specs = parameterSpecs(network, 'float64');
  const run = compile(
    (m: ParameterTensors, s: ParameterTensors, inputs: Tensor, noise: readonly Tensor[]) =>
      forward.logits(m, s, inputs, noise),
    [specs, specs, float64(1, x.length), shapes.map((shape) => float64(...shape))],
  );
  const lengths = shapes.map((shape) => shape.reduce((product, extent) => product * extent, 1));
  const out = new Float64Array(3 * count);
  for (let i = 0; i < count; i++) {
    const noise = lengths.map((length, l) => normals(length, 1_000_000 + 20 * i + l));
    out.set(
      run(unflatten(network, mean) as never, unflatten(network, std) as never, x, noise as never) as Float64Array,
      3 * i,
    );
  }
  return out;
}

/** Means and second moments of the logits with their standard errors. */
function moments(rows: Float64Array): { value: number; error: number }[] {
  const count = rows.length / 3;
  return [0, 1, 2, 3, 4, 5].map((k) => {
    let [sum, squares] = [0, 0];
    for (let r = 0; r < count; r++) {
      const z = rows[3 * r + (k % 3)];
      const t = k < 3 ? z : z * z;
      sum += t;
      squares += t * t;
    }
    const average = sum / count;
    return { value: average, error: Math.sqrt((squares / count - average * average) / count) };
  });
}

function distance(a: ReturnType<typeof moments>, b: ReturnType<typeof moments>): number {
  return Math.max(...a.map((m, i) => Math.abs(m.value - b[i].value) / Math.hypot(m.error, b[i].error)));
}

describe.each([
  ['filters', convolutional, [6, 3]],
  ['weights that are used twice', reused, [3]],
])('drawn %s with dense layers behind them', (_, own, layers) => {
  const { network, mean, x } = own;

  it('have a number of noise for each weight that is drawn and for each unit behind', () => {
    const dense = layers.map((width) => [7, width]);
    expect(noisyForward(network).kind).toBe('mixed');
    expect(noisyForward(network).noiseShapes(7).slice(-layers.length)).toEqual(dense);
  });

  it('give the logits the law of whole-network draws', () => {
    const std = normals(network.size, 61, 0.15).map((z) => Math.abs(z) + 0.01);
    const whole = moments(draws(own, 'weights', std, 2500));
    expect(distance(moments(draws(own, 'mixed', std, 2500)), whole)).toBeLessThan(4.5);
    const wider = std.map((s) => 1.3 * s);
    expect(distance(moments(draws(own, 'mixed', wider, 2500)), whole)).toBeGreaterThan(4.5);
  });

  it('are the network itself without noise', () => {
    const { classes, inputs: features } = network;
    const exact = networkLogits(network, mean, { inputs: x, labels: Int32Array.of(0), count: 1, features, classes });
    const still = draws(own, 'mixed', new Float64Array(network.size).fill(1e-300), 1);
    for (let c = 0; c < 3; c++) expect(Math.abs(still[c] - exact[c])).toBeLessThan(1e-12);
  });

  it('are measured one example at a time, which is what makes the trials independent', async () => {
    const std = new Float64Array(network.size).fill(0.1);
    const inputs = new Float64Array(x.length * 6);
    for (let i = 0; i < 6; i++) inputs.set(x, x.length * i);
    const examples = { inputs, labels: new Int32Array(6), count: 6, features: x.length, classes: 3 };
    const found = await posteriorErrors({ network, mean, std }, examples, { passes: 2, batchSize: 500 });
    expect(found.batchSize).toBe(1);
    expect(found.noise).toBe('mixed');
    expect(found.trials).toBe(12);
  });
});

it('kinds of noise that a network cannot have are refused', () => {
  const { network } = reused;
  expect(() => noisyForward(network, { kind: 'local' })).toThrow(
    "noisyForward: noise 'local' needs all weights in dense layers, which reused has not",
  );
  expect(() => noisyForward(mlp([3, 2]), { kind: 'mixed' })).toThrow(
    "noisyForward: noise 'mixed' needs some weights, not all, in dense layers, which mlp:tanh:3,2 has not",
  );
  const filters = allCnn({ channels: [1, 1], classes: 2, image: { height: 8, width: 8, channels: 1 } });
  expect(noisyForward(filters).kind).toBe('weights');
  expect(() => noisyForward(network, { basis: { layers: [] } })).toThrow(/goes with noise 'local' or 'weights'/);
  expect(() => noisyForward(network, { basis: { layers: [] }, kind: 'weights' })).toThrow(
    'noisyForward: a Kronecker basis needs a network of dense layers, got reused',
  );
});
