import { readFileSync } from 'node:fs';
import {
  deepLinearNet,
  kernelToRich,
  lambdaBalancedFlow,
  layerDescent,
  saxeMode,
  saxeTime,
  squareLossOfData,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { flat, gap, rowsOf, T } from './matrices.js';

const read = <V>(file: string): V =>
  JSON.parse(readFileSync(new URL(`../golden/${file}`, import.meta.url), 'utf8')) as V;

interface Dynamics {
  readonly tables: {
    readonly saxe_two_layer: { readonly rows: readonly (readonly [number, number, number, number, string])[] };
    readonly deep_mode_time: { readonly rows: readonly (readonly [number, number, number, number, string])[] };
    readonly gd_linear_nets: {
      readonly rows: readonly {
        readonly dims: number[];
        readonly N: number;
        readonly lr: number;
        readonly steps: number;
        readonly record: number[];
        readonly init: number;
        readonly seed: number;
        readonly X: number[];
        readonly Y: number[];
        readonly losses: readonly (readonly [number, string])[];
        readonly final: readonly (readonly (readonly [number, number])[])[];
      }[];
    };
  };
}
const { tables } = read<Dynamics>('dynamics.json');
const relative = (x: number, reference: string): number =>
  Math.abs(x - Number(reference)) / Math.abs(Number(reference));

/** dyadics(seed, n, bits) of the reference collection: mulberry32, its top bits as numbers in [−1, 1). */
function dyadics(seed: number, count: number, bits: number): number[] {
  let a = seed >>> 0;
  const half = 2 ** (bits - 1);
  return Array.from({ length: count }, () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (((t ^ (t >>> 14)) >>> (32 - bits)) - half) / half;
  });
}

describe('reference collection', () => {
  test('two-layer modes agree to 1e-12, and not with a reference moved by 1e-11', () => {
    for (const [singularValue, initial, learningTime, t, u] of tables.saxe_two_layer.rows) {
      const value = saxeMode({ singularValue, initial, learningTime }, [t]).values[0]!;
      expect(relative(value, u)).toBeLessThan(1e-12);
      expect(relative(value, String(Number(u) * (1 + 1e-11)))).toBeGreaterThan(1e-12);
    }
  });

  test('times of modes of depth 2, 3 and 4 agree to 1e-12', () => {
    for (const [depth, singularValue, initial, final, t] of tables.deep_mode_time.rows) {
      const time = saxeTime({ singularValue, initial, depth }, final);
      expect(relative(time, t)).toBeLessThan(1e-12);
      expect(relative(time * (1 + 1e-11), t)).toBeGreaterThan(1e-12);
    }
  });

  test('modes of depth 2, 3 and 4 are at the final strength at those times', () => {
    for (const [depth, singularValue, initial, final, t] of tables.deep_mode_time.rows) {
      const value = saxeMode({ singularValue, initial, depth }, [Number(t)]).values[0]!;
      // a relative error of 1e-16 in t moves u by t u'/u of it: up to 2e3 at depth 4
      expect(Math.abs(value - final) / final).toBeLessThan(1e-12);
    }
  });

  test('gradient descent of two networks: losses to 1e-11, weights to 1e-12', () => {
    for (const row of tables.gd_linear_nets.rows) {
      const { dims, N, lr, steps, record, init, seed } = row;
      const weights = dims.slice(1).map((h, l) => dyadics(seed + 2 + l, h * dims[l]!, 10).map((v) => init * v));
      const loss = squareLossOfData({
        inputs: flat(T(rowsOf(row.X, dims[0]!, N))),
        targets: flat(T(rowsOf(row.Y, dims[dims.length - 1]!, N))),
        samples: N,
      });
      const report = layerDescent(deepLinearNet(dims, weights), { loss, learningRate: lr, steps, record });
      row.losses.forEach(([step, value], i) => {
        expect(report.steps[i]).toBe(step);
        expect(relative(report.losses[i]!, value)).toBeLessThan(1e-11);
        expect(relative(report.losses[i]! * (1 + 1e-10), value)).toBeGreaterThan(1e-11);
      });
      const last = report.states[report.states.length - 1]!;
      row.final.forEach((w, j) => {
        const expected = w.map(([high, low]) => high + low);
        expect(gap(last.weights[j]!, expected)).toBeLessThan(1e-12);
      });
    }
  });
});

describe('golden.json of the linear checks', () => {
  const golden = read<{
    readonly qqt_balanced: Record<'W1' | 'W2' | 'Syx' | 'W2W1' | 'W2W2T', number[][]>;
    readonly qqt_lambda: Record<'W1' | 'W2' | 'W2W1' | 'W1tW1', number[][]> & { readonly lam: number };
    readonly woodworth_D2: {
      readonly X: number[][];
      readonly y: number[];
      readonly beta: Record<string, number[]>;
      readonly l2: number[];
    };
  }>('deep.json');
  const inputOutput = flat(golden.qqt_balanced.Syx);

  test.each(['closed', 'semigroup', 'direct'] as const)('two-layer solutions by the %s form', (method) => {
    const { W1, W2, W2W1, W2W2T } = golden.qqt_balanced;
    const net = deepLinearNet([2, 2, 2], [W1.flat(), W2.flat()]);
    const flow = lambdaBalancedFlow(net, { inputOutput, times: [1], method });
    expect(flow.lambda).toBe(0);
    expect(gap(flow.endToEnd, flat(W2W1))).toBeLessThan(1e-12);
    expect(gap(flow.outputGram, flat(W2W2T))).toBeLessThan(1e-12);

    const skew = golden.qqt_lambda;
    const skewNet = deepLinearNet([2, 2, 2], [skew.W1.flat(), skew.W2.flat()]);
    const skewFlow = lambdaBalancedFlow(skewNet, { inputOutput, times: [1], method });
    expect(Math.abs(skewFlow.lambda - skew.lam)).toBeLessThan(1e-14);
    expect(gap(skewFlow.endToEnd, flat(skew.W2W1))).toBeLessThan(1e-12);
    expect(gap(skewFlow.inputGram, flat(skew.W1tW1))).toBeLessThan(1e-12);
    expect(gap(skewFlow.endToEnd, flat(W2W1))).toBeGreaterThan(1e-3);
  });

  test('diagonal networks from alpha = 3 to 0.01', () => {
    const { X, y, beta, l2 } = golden.woodworth_D2;
    for (const [alpha, expected] of Object.entries(beta)) {
      const report = kernelToRich({ inputs: X.flat(), targets: y }, { alpha: Number(alpha) });
      expect(report.reason).toBe('interpolates');
      expect(gap(report.map, expected)).toBeLessThan(1e-9);
      expect(report.residual).toBeLessThan(1e-14);
    }
    expect(gap(kernelToRich({ inputs: X.flat(), targets: y }, { alpha: 1e4 }).map, l2)).toBeLessThan(1e-12);
  });
});
