import { compile, float64 } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { lenet, logits as networkLogits, unflatten, type ParameterTensors } from '@hyperribbon/nn';
import { noisyForward, posteriorErrors, type NoiseKind } from '@hyperribbon/pac-bayes/networks';
import { describe, expect, it } from 'vitest';
import { normals } from './small.js';

const network = lenet({ channels: [2, 3], hidden: [6], classes: 3 });
const mean = Float64Array.from(network.init(3, 'float64')).map((w) => 3 * w);
const x = normals(784, 60).map(Math.abs);

/** Logits of `count` draws, one example at a time. */
function draws(kind: NoiseKind, std: Float64Array, count: number): Float64Array {
  const forward = noisyForward(network, { kind, dtype: 'float64' });
  const shapes = forward.noiseShapes(1);
  const specs = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, float64(...shape)]));
  const run = compile(
    (m: ParameterTensors, s: ParameterTensors, inputs: Tensor, noise: readonly Tensor[]) =>
      forward.logits(m, s, inputs, noise),
    [specs, specs, float64(1, 784), shapes.map((shape) => float64(...shape))],
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

describe('drawn filters with dense layers behind them', () => {
  it('give the logits the law of whole-network draws', () => {
    const std = normals(network.size, 61, 0.15).map((z) => Math.abs(z) + 0.01);
    const whole = moments(draws('weights', std, 2500));
    expect(distance(moments(draws('mixed', std, 2500)), whole)).toBeLessThan(4.5);
    const wider = std.map((s) => 1.3 * s);
    expect(distance(moments(draws('mixed', wider, 2500)), whole)).toBeGreaterThan(4.5);
  });

  it('are the network itself without noise', () => {
    const exact = networkLogits(network, mean, {
      inputs: x,
      labels: Int32Array.of(0),
      count: 1,
      features: 784,
      classes: 3,
    });
    const still = draws('mixed', new Float64Array(network.size).fill(1e-300), 1);
    for (let c = 0; c < 3; c++) expect(Math.abs(still[c] - exact[c])).toBeLessThan(1e-12);
  });

  it('are measured one example at a time, which is what makes the trials independent', async () => {
    const std = new Float64Array(network.size).fill(0.1);
    const inputs = new Float64Array(784 * 6);
    for (let i = 0; i < 6; i++) inputs.set(x, 784 * i);
    const examples = { inputs, labels: new Int32Array(6), count: 6, features: 784, classes: 3 };
    const found = await posteriorErrors({ network, mean, std }, examples, { passes: 2, batchSize: 500 });
    expect(found.batchSize).toBe(1);
    expect(found.noise).toBe('mixed');
    expect(found.trials).toBe(12);
  });
});
