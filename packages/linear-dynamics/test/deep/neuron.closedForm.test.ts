// Oracles: the neuron's own differential equation, the Riccati solution of the alignment, the chain rule.
import { kuninNeuron, kuninPreconditioner, lambdaBalancedFlow, deepLinearNet } from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { extrapolate } from './extrapolate.js';
import { gap, normals } from './matrices.js';

const times = Array.from({ length: 16 }, (_, i) => 0.4 * i);
const target = normals(1, 3);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((s, v, i) => s + v * b[i]!, 0);

const cases = [
  { name: 'δ > 0', a: 1.4, scale: 0.3, outputLearningRate: 1, inputLearningRate: 1 },
  { name: 'δ < 0', a: 0.1, scale: 0.9, outputLearningRate: 1, inputLearningRate: 1 },
  { name: 'δ < 0, a crosses 0', a: -0.3, scale: 0.8, outputLearningRate: 1, inputLearningRate: 1 },
  { name: 'unequal rates', a: 0.5, scale: 0.6, outputLearningRate: 0.3, inputLearningRate: 1.7 },
  { name: 'a = 0', a: 0, scale: 0.5, outputLearningRate: 2, inputLearningRate: 1 },
];

describe.each(cases)('one hidden neuron, $name', ({ a, scale, outputLearningRate, inputLearningRate }) => {
  const w = normals(7, 3).map((v) => v * scale);
  const curve = kuninNeuron({ inputWeights: w, outputWeight: a, target, inputLearningRate, outputLearningRate }, times);

  test("follows a' = η_a w·(β* − a w), w' = η_w a (β* − a w)", () => {
    const reference = extrapolate(
      ([b, ...v]) => {
        const r = v.map((x, i) => target[i]! - b! * x);
        return [outputLearningRate * dot(v, r), ...r.map((x) => inputLearningRate * b! * x)];
      },
      [a, ...w],
      times,
    );
    expect(
      gap(
        curve.outputWeights,
        reference.map(([b]) => b!),
      ),
    ).toBeLessThan(1e-11);
    expect(
      gap(
        curve.inputWeights,
        reference.flatMap(([, ...v]) => v),
      ),
    ).toBeLessThan(1e-11);
    expect(curve).toMatchObject({ learns: true, reason: 'target' });
  });

  test('conserves δ to 1e-13 and obeys the identities of κ to 1e-10', () => {
    times.forEach((_, i) => {
      const b = curve.outputWeights[i]!;
      const v = curve.inputWeights.subarray(3 * i, 3 * i + 3);
      expect(Math.abs(inputLearningRate * b * b - outputLearningRate * dot(v, v) - curve.delta)).toBeLessThan(1e-13);
      expect(Math.abs(inputLearningRate * b * b - (curve.kappas[i]! + curve.delta) / 2)).toBeLessThan(1e-10);
      expect(Math.abs(outputLearningRate * dot(v, v) - (curve.kappas[i]! - curve.delta) / 2)).toBeLessThan(1e-10);
      expect(
        gap(
          curve.maps.subarray(3 * i, 3 * i + 3),
          v.map((x) => b * x),
        ),
      ).toBe(0);
    });
  });

  test('moves its map by the preconditioned gradient', () => {
    const h = 1e-4;
    const near = kuninNeuron({ inputWeights: w, outputWeight: a, target, inputLearningRate, outputLearningRate }, [
      1 - h,
      1,
      1 + h,
    ]);
    const speed = target.map((_, j) => (near.maps[6 + j]! - near.maps[j]!) / (2 * h));
    const map = near.maps.subarray(3, 6);
    const M = kuninPreconditioner(map, { delta: near.delta, inputLearningRate, outputLearningRate });
    const expected = target.map((_, i) => target.reduce((s, b, j) => s + M[3 * i + j]! * (b - map[j]!), 0));
    expect(gap(speed, expected)).toBeLessThan(1e-6);
  });
});

test('the alignment ν = w·β*/a is the printed solution of its Riccati equation, poles and all', () => {
  for (const [a, scale] of [
    [0.7, 0.6],
    [-0.3, 0.8],
  ] as const) {
    const w = normals(7, 3).map((v) => v * scale);
    const curve = kuninNeuron({ inputWeights: w, outputWeight: a, target }, times);
    const { delta } = curve;
    const k = Math.sqrt(4 * dot(target, target) + delta ** 2);
    const c = (delta + (2 * dot(w, target)) / a) / k;
    times.forEach((t, i) => {
      // tanh(x + artanh c) by the addition theorem, which needs no complex branch
      const T = Math.tanh((k * t) / 2);
      const nu = (-delta + (k * (T + c)) / (1 + T * c)) / 2;
      expect(Math.abs(curve.alignments[i]! / nu - 1)).toBeLessThan(1e-9);
    });
  }
});

test('with equal rates it is the two-layer network with one hidden unit, λ = δ', () => {
  const w = normals(7, 3);
  const curve = kuninNeuron({ inputWeights: w, outputWeight: 0.4, target }, times);
  const flow = lambdaBalancedFlow(deepLinearNet([3, 1, 1], [w, [0.4]]), { inputOutput: target, times });
  expect(Math.abs(flow.lambda - curve.delta)).toBeLessThan(1e-14);
  expect(gap(flow.endToEnd, curve.maps)).toBeLessThan(1e-11);
});

test('late times are the target, exactly the wrong start is a saddle', () => {
  const w = normals(7, 3);
  expect(gap(kuninNeuron({ inputWeights: w, outputWeight: 0.4, target }, [1e5]).maps, target)).toBeLessThan(1e-14);
  const wrong = kuninNeuron({ inputWeights: [-2], outputWeight: 2, target: [3] }, [1, 1e4]);
  expect(wrong).toMatchObject({ learns: false, reason: 'wrong-sign' });
  expect(Math.abs(wrong.maps[1]!)).toBeLessThan(1e-12);
  expect(kuninNeuron({ inputWeights: [0, 0], outputWeight: 0, target: [1, 2] }, [5])).toMatchObject({
    learns: false,
    reason: 'at-saddle',
  });
});

test('the preconditioner: kernel at δ → ∞, rich at 0, radial at δ → −∞, and refused where w has left no trace', () => {
  const beta = [3, 4];
  expect(gap(kuninPreconditioner(beta, { delta: 1e9 }), [1e9, 0, 0, 1e9])).toBeLessThan(1e-6);
  expect(gap(kuninPreconditioner(beta, { delta: 0 }), [5 * 1.36, 2.4, 2.4, 5 * 1.64])).toBeLessThan(1e-14 * 10);
  expect(gap(kuninPreconditioner(beta, { delta: -1e9 }), [0.36e9, 0.48e9, 0.48e9, 0.64e9])).toBeLessThan(1e-6);
  expect([...kuninPreconditioner([0, 0], { delta: 2 })]).toEqual([2, 0, 0, 2]);
  expect(() => kuninPreconditioner([0, 0], { delta: -2 })).toThrow(/^kuninPreconditioner: map must not be 0.*delta=-2/);
});
