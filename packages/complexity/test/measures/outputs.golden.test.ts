// Oracles: numpy for the network whose sizes differ (explicit backpropagation for each example); the identity ⟨w, ∂ℓ/∂w⟩ = L ⟨∂ℓ/∂f, f⟩.
import { outputStatistics } from '@hyperribbon/complexity';
import { conv2d, dense, maxPool2d, reshape } from '@hyperribbon/autodiff';
import { leakyRelu } from '@hyperribbon/autodiff/layers';
import { defineNetwork, type Examples, logits, mlp } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { g0Sample } from '../g0.js';
import { examples, flat, network, weights } from './uneven.js';

const near = (value: number, expected: number, tolerance = 1e-9): boolean =>
  Math.abs(value - expected) <= tolerance * Math.abs(expected);
const g0 = mlp([3, 2, 2], { activation: 'relu' });
const g0Params = Float64Array.of(3, 0, 4, 0, 0, 1, 0, 0, 1, -1, -1, 1, 0, 0);
const g0Examples: Examples = {
  inputs: Float64Array.from(g0Sample.X),
  labels: Int32Array.from(g0Sample.y),
  count: 4,
  features: 3,
  classes: 2,
};

describe('what the outputs on a sample say', () => {
  it('of G0 is as printed: Fisher-Rao at the labels of the data, and of the network', () => {
    const { logFisherRao, logFisherRaoModel } = outputStatistics(g0, g0Params, g0Examples);
    expect(near(Math.exp(logFisherRao), 0.0671894665716)).toBe(true);
    expect(near(Math.exp(logFisherRaoModel), 0.985343919797)).toBe(true);
  });

  it('of a network with biases counts all parameters', () => {
    const found = outputStatistics(network, flat(weights), examples);
    const expected = [1.938987676591731, 0.726369261453061, 27.30313695911246, 1.4012773990028626];
    [found.logCrossEntropy, found.logEntropy, found.logFisherRao, found.logFisherRaoModel].forEach((log, i) => {
      expect(near(Math.exp(log), expected[i], 1e-12)).toBe(true);
      expect(near(Math.exp(log), expected[i] * (1 + 1e-11), 1e-12), 'moved by ten tolerances').toBe(false);
    });
  });

  it('does not depend on how examples are cut into chunks', () => {
    const whole = outputStatistics(network, flat(weights), examples);
    for (const chunkSize of [1, 7, 22])
      for (const [name, value] of Object.entries(outputStatistics(network, flat(weights), examples, { chunkSize })))
        expect(near(value, whole[name as keyof typeof whole], 1e-13), name).toBe(true);
  });
});

describe('the Fisher-Rao norm of a rectifier network of L layers without biases', () => {
  it.each([1, 2, 4])('is L² E⟨∂ℓ/∂f, f⟩², L = %i', (depth) => {
    const widths = [6, ...[9, 5, 7].slice(0, depth - 1), 3];
    const net = mlp(widths, { activation: 'relu' });
    const params = stream({ seed: depth, purpose: 'test' }).normal(new Float64Array(net.size));
    let at = 0;
    for (const { shape } of net.parameters) {
      const size = shape.reduce((a, b) => a * b, 1);
      if (shape.length === 1) params.fill(0, at, at + size);
      at += size;
    }
    const sample: Examples = {
      inputs: stream({ seed: 9, purpose: 'test' }).normal(new Float64Array(50 * 6)),
      labels: Int32Array.from({ length: 50 }, (_, i) => i % 3),
      count: 50,
      features: 6,
      classes: 3,
    };
    const f = logits(net, params, sample);
    const slope = (i: number, label: number): { p: number; inner: number } => {
      const z = Array.from(f.subarray(3 * i, 3 * i + 3));
      const top = Math.max(...z);
      const e = z.map((x) => Math.exp(x - top));
      const sum = e[0] + e[1] + e[2];
      const inner = z.reduce((total, x, c) => total + (e[c] / sum - (c === label ? 1 : 0)) * x, 0);
      return { p: e[label] / sum, inner: depth * inner };
    };
    let [data, model] = [0, 0];
    for (let i = 0; i < 50; i++) {
      data += slope(i, sample.labels[i]).inner ** 2 / 50;
      for (let c = 0; c < 3; c++) model += (slope(i, c).p * slope(i, c).inner ** 2) / 50;
    }
    const found = outputStatistics(net, params, sample);
    expect(near(Math.exp(found.logFisherRao), data, 1e-10)).toBe(true);
    expect(near(Math.exp(found.logFisherRaoModel), model, 1e-10)).toBe(true);
  });
});

describe('the Fisher-Rao norm of a convolution with maximum pooling and no biases', () => {
  it('is 2² E⟨∂ℓ/∂f, f⟩² too', () => {
    const net = defineNetwork({
      inputs: 36,
      classes: 3,
      parameters: [
        { name: 'K', shape: [2, 1, 3, 3] },
        { name: 'V', shape: [8, 3] },
      ],
      apply: ({ K, V }, x) => {
        const maps = leakyRelu(conv2d(reshape(x, [x.shape[0], 6, 6, 1]), K));
        return dense(reshape(maxPool2d(maps, { size: 2 }), [x.shape[0], 8]), V);
      },
    });
    const params = stream({ seed: 3, purpose: 'test' }).normal(new Float64Array(net.size));
    const inputs = stream({ seed: 4, purpose: 'test' }).normal(new Float64Array(20 * 36));
    const sample = {
      inputs,
      labels: Int32Array.from({ length: 20 }, (_, i) => i % 3),
      count: 20,
      features: 36,
      classes: 3,
    };
    const f = logits(net, params, sample);
    const expected = [...sample.labels].reduce((sum, label, i) => {
      const z = Array.from(f.subarray(3 * i, 3 * i + 3));
      const e = z.map((x) => Math.exp(x - Math.max(...z)));
      const mean = z.reduce((total, x, c) => total + e[c] * x, 0) / (e[0] + e[1] + e[2]);
      return sum + (2 * (mean - z[label])) ** 2 / 20;
    }, 0);
    expect(near(Math.exp(outputStatistics(net, params, sample).logFisherRao), expected, 1e-10)).toBe(true);
  });
});

describe('outputs out of the ordinary', () => {
  const one = mlp([1, 1], { activation: 'relu' });

  it('a single output has two classes: cross-entropy ln(1 + e^−f) at label 1', () => {
    const sample = { inputs: Float64Array.of(2), labels: Int32Array.of(1), count: 1, features: 1, classes: 2 };
    const found = outputStatistics(one, Float64Array.of(0.75, 0.25), sample);
    const p = 1 / (1 + Math.exp(-1.75));
    expect(Math.exp(found.logCrossEntropy)).toBeCloseTo(-Math.log(p), 12);
    expect(Math.exp(found.logEntropy)).toBeCloseTo(-p * Math.log(p) - (1 - p) * Math.log(1 - p), 12);
    // ⟨w, ∂ℓ/∂w⟩ = (p − 1) f
    expect(Math.exp(found.logFisherRao)).toBeCloseTo(((1 - p) * 1.75) ** 2, 12);
    expect(Math.exp(found.logFisherRaoModel)).toBeCloseTo(p * (1 - p) * 1.75 ** 2, 12);
  });

  it('of zero weights are as likely as each other, and nothing moves along the weights', () => {
    const found = outputStatistics(g0, new Float64Array(14), g0Examples);
    expect(Math.exp(found.logCrossEntropy)).toBeCloseTo(Math.LN2, 12);
    expect(Math.exp(found.logEntropy)).toBeCloseTo(Math.LN2, 12);
    expect([found.logFisherRao, found.logFisherRaoModel]).toEqual([-Infinity, -Infinity]);
  });

  it('far apart keep the digits of small losses, and vanish where they are below float64', () => {
    const sample = { inputs: Float64Array.of(1), labels: Int32Array.of(1), count: 1, features: 1, classes: 2 };
    const loss = (w: number): number => outputStatistics(one, Float64Array.of(w, 0), sample).logCrossEntropy;
    expect(loss(300)).toBeCloseTo(-300, 10);
    expect(loss(1e6)).toBe(-Infinity);
    expect(loss(-1e6)).toBeCloseTo(Math.log(1e6), 12);
  });

  it('of huge weights have squares that are logarithms', () => {
    const sample = { inputs: Float64Array.of(1), labels: Int32Array.of(0), count: 1, features: 1, classes: 2 };
    const { logFisherRao } = outputStatistics(one, Float64Array.of(1e200, 0), sample);
    expect(near(logFisherRao, 400 * Math.LN10)).toBe(true);
  });
});
