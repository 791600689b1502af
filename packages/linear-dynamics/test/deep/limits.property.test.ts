// Oracle: symmetries and limits that hold for every problem.
import {
  alignedFlow,
  balanceDrift,
  deepLinearNet,
  endToEndPreconditioner,
  endToEndVelocity,
  gradientFlow,
  kernelToRich,
  kernelToRichPenalty,
  kuninNeuron,
  lambdaBalancedFlow,
  lambdaBalancedLimit,
  lambdaBalancedNet,
  saxeMode,
  saxePair,
  saxeTime,
  squareLoss,
  type DeepLinearNet,
} from '@hyperribbon/linear-dynamics';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flat, gap, gaussian, mul, normals, rowsOf, scaled, split, T, type M } from './matrices.js';

const settings = { seed: 20250513, numRuns: 60 };
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const seed = fc.integer({ min: 0, max: 2 ** 31 });
const size = fc.integer({ min: 1, max: 4 });

/** an orthogonal matrix: the left factor of a decomposition */
const orthogonal = (key: number, n: number): M =>
  rowsOf(endToEndPreconditioner(normals(key, n * n), { inputs: n, outputs: n, depth: 1 }).left, n, n);
const randomNet = (widths: readonly number[], key: number, scale: number): DeepLinearNet =>
  deepLinearNet(
    widths,
    widths.slice(1).map((h, j) => normals(key + j, h * widths[j]!).map((v) => v * scale)),
  );

describe('gradient flow', () => {
  test('conserves W_{j+1}ᵀ W_{j+1} − W_j W_jᵀ for every shape, depth and target', () => {
    fc.assert(
      fc.property(fc.array(size, { minLength: 2, maxLength: 5 }), seed, real(0.1, 1.5), (widths, key, scale) => {
        const [inputs, outputs] = [widths[0]!, widths[widths.length - 1]!];
        const net = randomNet(widths, key, scale);
        const loss = squareLoss({ inputs, outputs, inputOutput: normals(key + 99, inputs * outputs) });
        const flow = gradientFlow(net, { loss, times: [0.7] });
        const largest = Math.max(...net.weights.map((w) => w.reduce((s, v) => s + v * v, 0)));
        expect(flow.converged).toBe(true);
        expect(flow.balanceDrift).toBeLessThan(1e-13 * (1 + largest));
        expect(balanceDrift(flow.states[0]!, net)).toBe(flow.balanceDrift);
      }),
      settings,
    );
  });
  test('is equivariant: rotated data and first and last layers give the rotated flow', () => {
    fc.assert(
      fc.property(size, size, size, seed, (inputs, hidden, outputs, key) => {
        const [R, S, H] = [orthogonal(key, inputs), orthogonal(key + 1, outputs), orthogonal(key + 2, hidden)];
        const target = gaussian(key + 3, outputs, inputs);
        const net = randomNet([inputs, hidden, outputs], key, 0.6);
        const [W1, W2] = split(
          net.widths,
          net.weights.flatMap((w) => [...w]),
        ) as [M, M];
        const turned = deepLinearNet(net.widths, [flat(mul(mul(H, W1), T(R))), flat(mul(mul(S, W2), T(H)))]);
        const run = (start: DeepLinearNet, inputOutput: Float64Array): M =>
          rowsOf(
            gradientFlow(start, { loss: squareLoss({ inputs, outputs, inputOutput }), times: [1.5] }).endToEnd,
            outputs,
            inputs,
          );
        const plain = mul(mul(S, run(net, flat(target))), T(R));
        expect(gap(flat(plain), flat(run(turned, flat(mul(mul(S, target), T(R))))))).toBeLessThan(1e-10);
      }),
      settings,
    );
  });
  test('comes to the closed solution of two λ-balanced layers', () => {
    fc.assert(
      fc.property(size, size, real(-2, 2), real(0.05, 1), seed, (inputs, outputs, lambda, scale, key) => {
        const hidden = Math.min(inputs, outputs);
        const map = normals(key, inputs * outputs).map((v) => v * scale);
        const net = lambdaBalancedNet(map, { widths: [inputs, hidden, outputs], lambda });
        const inputOutput = normals(key + 1, inputs * outputs);
        const times = [0.3, 2];
        const closed = lambdaBalancedFlow(net, { inputOutput, times });
        const flow = gradientFlow(net, { loss: squareLoss({ inputs, outputs, inputOutput }), times });
        expect(gap(closed.endToEnd, flow.endToEnd)).toBeLessThan(1e-10);
      }),
      settings,
    );
  });
});

describe('the λ-balanced solution', () => {
  const problem = fc.tuple(size, size, seed).map(([inputs, outputs, key]) => ({
    inputs,
    outputs,
    hidden: Math.min(inputs, outputs),
    map: normals(key, inputs * outputs).map((v) => 0.4 * v),
    inputOutput: normals(key + 1, inputs * outputs),
    key,
  }));

  test('is a semigroup: going on from a later state is going on', () => {
    fc.assert(
      fc.property(problem, real(-1.5, 1.5), ({ inputs, outputs, hidden, map, inputOutput }, lambda) => {
        const net = lambdaBalancedNet(map, { widths: [inputs, hidden, outputs], lambda });
        const a = lambdaBalancedFlow(net, { inputOutput, times: [0.6, 1.5] });
        const state = gradientFlow(net, { loss: squareLoss({ inputs, outputs, inputOutput }), times: [0.6] })
          .states[0]!;
        const b = lambdaBalancedFlow(state, { inputOutput, times: [0.9], lambda: a.lambda });
        const n = inputs + outputs;
        expect(gap(a.gram.subarray(n * n), b.gram)).toBeLessThan(1e-9);
      }),
      settings,
    );
  });
  test('λ → ±∞ is a linear model: the map relaxes at the rate |λ| whatever the task', () => {
    fc.assert(
      fc.property(problem, fc.constantFrom(-1, 1), ({ inputs, outputs, map, inputOutput }, sign) => {
        // lazy: W' = −(W_2W_2ᵀ) E − E (W_1ᵀW_1); one of the grams is |λ| on the narrow side, the other vanishes
        const [ni, no] = sign > 0 ? [inputs, Math.min(inputs, outputs)] : [Math.min(inputs, outputs), outputs];
        const [M, S] = [map.slice(0, ni * no), inputOutput.slice(0, ni * no)];
        const lambda = sign * 1e5;
        const net = lambdaBalancedNet(M, { widths: [ni, Math.min(ni, no), no], lambda });
        const t = 1 / Math.abs(lambda);
        const { endToEnd: W } = lambdaBalancedFlow(net, { inputOutput: S, times: [t] });
        const expected = S.map((s, i) => s + (M[i]! - s) * Math.exp(-1));
        expect(gap(W, expected)).toBeLessThan(1e-3 * Math.max(1, ...S.map(Math.abs)));
        expect(gap(W, M)).toBeGreaterThan(0.3 * gap(S, M));
      }),
      settings,
    );
  });
  test('T → ∞ is its limit, with grams that depend on λ and the target only', () => {
    fc.assert(
      fc.property(
        problem,
        real(0.3, 2),
        fc.boolean(),
        ({ inputs, outputs, hidden, map, inputOutput }, size0, negative) => {
          const lambda = negative ? -size0 : size0;
          const net = lambdaBalancedNet(map, { widths: [inputs, hidden, outputs], lambda });
          const flow = lambdaBalancedFlow(net, { inputOutput, times: [1e6] });
          expect(gap(flow.endToEnd, flow.limit)).toBeLessThan(1e-12 * 10);
          const { outputGram, inputGram } = lambdaBalancedLimit({ inputs, outputs, inputOutput, lambda });
          expect(flow.learns).toBe(true);
          expect(gap(flow.outputGram, outputGram)).toBeLessThan(1e-11);
          expect(gap(flow.inputGram, inputGram)).toBeLessThan(1e-11);
          expect(Math.max(...flow.endToEnd.map((w, i) => Math.abs(w - inputOutput[i]!)))).toBeLessThan(1e-10);
        },
      ),
      settings,
    );
  });
  test('learns exactly when the determinants agree in sign: square, λ = 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), seed, (n, key) => {
        const [map, target] = [gaussian(key, n, n, 0.4), gaussian(key + 1, n, n)];
        const net = lambdaBalancedNet(flat(map), { widths: [n, n, n], lambda: 0, seed: key });
        const flow = lambdaBalancedFlow(net, { inputOutput: flat(target), times: [3] });
        const agree = determinant(map) * determinant(target) > 0;
        expect(flow.learns).toBe(agree);
        expect(flow.reason).toBe(agree ? 'target' : 'opposite-determinants');
      }),
      { ...settings, numRuns: 200 },
    );
  });
});

describe('modes', () => {
  const mode = fc.record({
    singularValue: real(0.2, 5),
    initial: real(0.001, 8),
    depth: fc.integer({ min: 1, max: 9 }),
  });
  test('are monotone and never pass their target', () => {
    fc.assert(
      fc.property(mode, real(0, 10), real(0, 10), (m, a, b) => {
        const [u, v] = saxeMode(m, [Math.min(a, b), Math.max(a, b)]).values as unknown as [number, number];
        const s = m.singularValue;
        expect(Math.abs(v - s)).toBeLessThanOrEqual(Math.abs(u - s) + 1e-14 * s);
        expect((u - s) * (m.initial - s)).toBeGreaterThanOrEqual(-1e-14 * s * s);
      }),
      settings,
    );
  });
  test('scale: (s, u, t) → (c s, c u, c^{2/N−2} t)', () => {
    fc.assert(
      fc.property(mode, real(0.1, 20), real(0, 3), (m, c, t) => {
        const stretched = { ...m, singularValue: c * m.singularValue, initial: c * m.initial };
        const time = t * c ** (2 / m.depth - 2);
        const [u] = saxeMode(m, [t]).values;
        const [v] = saxeMode(stretched, [time]).values;
        expect(Math.abs(v! / (c * u!) - 1)).toBeLessThan(1e-11);
      }),
      settings,
    );
  });
  test('times add up', () => {
    fc.assert(
      fc.property(
        real(0.5, 5),
        fc.integer({ min: 1, max: 9 }),
        real(0.01, 0.98),
        real(0.01, 0.98),
        real(0.01, 0.98),
        (s, depth, ...p) => {
          const [a, b, c] = p.sort((x, z) => x - z).map((f) => f * s) as [number, number, number];
          const time = (from: number, to: number): number => saxeTime({ singularValue: s, initial: from, depth }, to);
          expect(Math.abs(time(a, b) + time(b, c) - time(a, c))).toBeLessThan(1e-11 * (1 + time(a, c)));
        },
      ),
      settings,
    );
  });
  test('a pair keeps b² − a² and tends to a b = s, and swapping its layers swaps its curves', () => {
    fc.assert(
      fc.property(real(-3, 3), real(-2, 2), real(-2, 2), real(0, 5), (singularValue, input, output, t) => {
        const pair = saxePair({ singularValue, input, output }, [t, 1e6]);
        const a = pair.inputs[0]!;
        const b = pair.outputs[0]!;
        expect(Math.abs((b - a) * (b + a) - pair.conserved)).toBeLessThan(1e-14 * (4 + a * a + b * b));
        const swapped = saxePair({ singularValue, input: output, output: input }, [t]);
        expect(swapped.inputs[0]).toBe(b);
        expect(swapped.outputs[0]).toBe(a);
        const settled = 1e6 * Math.sqrt(pair.conserved ** 2 + 4 * singularValue ** 2) > 100;
        if (pair.learns && settled && pair.conserved !== 0) {
          // opposite signs that differ by rounding only may linger; all others have arrived
          if (Math.abs(Math.abs(input) - Math.abs(output)) > 1e-6) {
            expect(Math.abs(pair.products[1]! - singularValue)).toBeLessThan(1e-9);
          }
        }
      }),
      { ...settings, numRuns: 300 },
    );
  });
  test('an aligned matrix is learned mode by mode: rotations of the task rotate the map', () => {
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 4 }), seed, (inputs, outputs, depth, key) => {
        const target = gaussian(key, outputs, inputs);
        const [R, S] = [orthogonal(key + 1, inputs), orthogonal(key + 2, outputs)];
        const initial = Array.from({ length: Math.min(inputs, outputs) }, (_, i) => 0.01 * (i + 1));
        const run = (W: M): M =>
          rowsOf(alignedFlow({ inputs, outputs, inputOutput: flat(W), initial, depth }, [1]).endToEnd, outputs, inputs);
        expect(gap(flat(mul(mul(S, run(target)), T(R))), flat(run(mul(mul(S, target), T(R)))))).toBeLessThan(1e-11);
      }),
      settings,
    );
  });
});

test('the end-to-end velocity is homogeneous and equivariant, and never raises the loss', () => {
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 5 }), seed, (inputs, outputs, depth, key) => {
      const shape = { inputs, outputs, depth };
      const [W, G] = [gaussian(key, outputs, inputs), gaussian(key + 1, outputs, inputs)];
      const [R, S] = [orthogonal(key + 2, inputs), orthogonal(key + 3, outputs)];
      const velocity = (w: M, g: M): Float64Array => endToEndVelocity(endToEndPreconditioner(flat(w), shape), flat(g));
      const v = velocity(W, G);
      const turn = (A: M): M => mul(mul(S, A), T(R));
      expect(gap(velocity(turn(W), turn(G)), flat(turn(rowsOf(v, outputs, inputs))))).toBeLessThan(1e-11);
      expect(
        gap(
          velocity(scaled(W, 2), G),
          v.map((x) => x * 2 ** (2 - 2 / depth)),
        ),
      ).toBeLessThan(1e-12 * (1 + Math.max(...v.map(Math.abs))));
      expect(v.reduce((sum, x, i) => sum + x * flat(G)[i]!, 0)).toBeLessThanOrEqual(0);
    }),
    settings,
  );
});

test('the neuron: δ is conserved at any time, and a rotation of the task is a rotation of its curve', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), seed, real(-2, 2), real(0, 50), (d, key, outputWeight, t) => {
      const [w, target] = [normals(key, d), normals(key + 1, d)];
      const R = orthogonal(key + 2, d);
      const turn = (v: Float64Array): Float64Array =>
        flat(
          mul(
            R,
            [...v].map((x) => [x]),
          ),
        );
      const curve = kuninNeuron({ inputWeights: w, outputWeight, target }, [t]);
      const turned = kuninNeuron({ inputWeights: turn(w), outputWeight, target: turn(target) }, [t]);
      expect(gap(turn(curve.maps), turned.maps)).toBeLessThan(1e-9);
      const a = curve.outputWeights[0]!;
      const size2 = a * a + curve.inputWeights.reduce((s, v) => s + v * v, 0);
      expect(Math.abs(a * a - curve.inputWeights.reduce((s, v) => s + v * v, 0) - curve.delta)).toBeLessThan(
        1e-12 * (1 + size2),
      );
    }),
    settings,
  );
});

describe('kernel to rich', () => {
  test('interpolates for every α, each α with the map that its own penalty likes best, large α with the least ℓ2 norm', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        seed,
        fc.constantFrom(2, 3, 5),
        (n, more, key, depth) => {
          const inputs = normals(key, n * (n + more));
          const targets = normals(key + 1, n);
          const alphas = [100, 1, 0.3, 0.05];
          const runs = alphas.map((alpha) => kernelToRich({ inputs, targets }, { alpha, depth }));
          for (const run of runs) {
            expect(run).toMatchObject({ converged: true, reason: 'interpolates' });
            expect(run.residual).toBeLessThan(1e-9);
          }
          const penalty = (map: Float64Array, alpha: number): number => kernelToRichPenalty(map, { alpha, depth });
          alphas.forEach((alpha, i) => {
            for (const other of runs) {
              expect(penalty(runs[i]!.map, alpha)).toBeLessThanOrEqual(penalty(other.map, alpha) * (1 + 1e-9) + 1e-14);
            }
          });
          const l2 = runs.map(({ map }) => map.reduce((s, v) => s + v * v, 0));
          for (const v of l2) expect(v).toBeGreaterThanOrEqual(l2[0]! * (1 - 1e-6));
        },
      ),
      settings,
    );
  });
});

function determinant(a: M): number {
  if (a.length === 1) return a[0]![0]!;
  return a[0]!.reduce(
    (s, v, j) => s + (j % 2 === 0 ? v : -v) * determinant(a.slice(1).map((row) => row.filter((_, k) => k !== j))),
    0,
  );
}
