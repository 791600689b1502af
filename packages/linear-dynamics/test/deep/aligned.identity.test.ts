// Oracle: the flow of the factors from the same start.
import {
  alignedFlow,
  type AlignedFlowOptions,
  balancedNet,
  endToEndPreconditioner,
  gradientFlow,
  squareLoss,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { flat, gap, mul, normals, rowsOf, T, type M } from './matrices.js';

const orthogonal = (key: number, n: number): M =>
  rowsOf(endToEndPreconditioner(normals(key, n * n), { inputs: n, outputs: n, depth: 1 }).left, n, n);
const diagonal = (values: readonly number[], rows: number, columns: number): M =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => (i === j ? (values[i] ?? 0) : 0)));
const symmetric = (a: M): M => a.map((row, i) => row.map((v, j) => (v + a[j]![i]!) / 2));

/** Σ_yx = U S V and Σ_xx = Vᵀ diag(δ) V */
function problem(key: number, S: readonly number[], delta: readonly number[], outputs: number): AlignedFlowOptions {
  const inputs = delta.length;
  const [U, V] = [orthogonal(key, outputs), orthogonal(key + 1, inputs)];
  return {
    inputs,
    outputs,
    inputOutput: flat(mul(mul(U, diagonal(S, outputs, inputs)), V)),
    inputCorrelation: flat(symmetric(mul(mul(T(V), diagonal(delta, inputs, inputs)), V))),
    initial: Array.from({ length: Math.min(inputs, outputs) }, () => 0.05),
  };
}

describe('an aligned flow with inputs that are not white', () => {
  test.each<[name: string, S: readonly number[], delta: readonly number[], outputs: number]>([
    ['two equal modes', [2, 2, 1], [1, 0.3, 2], 3],
    ['all modes equal', [3, 3, 3, 3], [2, 1, 0.5, 0.1], 4],
    ['equal to nine digits', [1 + 1e-9, 1, 0.5], [1, 4, 2], 3],
    ['two pairs', [2, 2, 1, 1], [1, 2, 1, 3], 4],
    ['zeros, more inputs than outputs', [2, 0, 0], [1, 3, 0.5, 2, 0.1], 3],
    ['zeros, more outputs than inputs', [1, 0, 0], [1, 3, 0.5], 5],
    ['nothing to learn', [0, 0], [1, 3], 2],
    ['inputs of lower rank', [2, 2, 0], [1, 3, 0], 3],
    ['all distinct', [3, 2, 1], [1, 1, 5], 3],
    ['one mode', [2], [0.5], 1],
  ])('%s: the factors, started there', (name, S, delta, outputs) => {
    const options = problem(name.length, S, delta, outputs);
    const times = [0, 1, 3];
    const flow = alignedFlow(options, times);
    const [inputs, modes] = [delta.length, Math.min(delta.length, outputs)];
    const start = balancedNet(flow.endToEnd.slice(0, inputs * outputs), { widths: [inputs, modes, outputs] });
    const factors = gradientFlow(start, { loss: squareLoss(options), times });
    expect(gap(flow.endToEnd, factors.endToEnd)).toBeLessThan(1e-10);
    expect(gap(flow.singularValues, [...S, 0, 0, 0, 0].slice(0, modes))).toBeLessThan(1e-13);
    flow.modes.forEach(({ values }) => expect(values[0]).toBe(0.05));
  });

  test('the unit matrix with any correlation: its modes are the axes of the inputs', () => {
    const flow = alignedFlow(
      { inputs: 2, outputs: 2, inputOutput: [1, 0, 0, 1], inputCorrelation: [2, 1, 1, 2], initial: [0.1, 0.1] },
      [0, 100],
    );
    // W* = Σ_xx⁻¹
    expect(gap(flow.endToEnd.subarray(4), [2 / 3, -1 / 3, -1 / 3, 2 / 3])).toBeLessThan(1e-14);
  });

  test('matrices that do not commute, and modes without inputs, are refused', () => {
    const options = problem(5, [2, 1], [1, 3], 2);
    const crossed = { ...options, inputCorrelation: problem(9, [2, 1], [1, 3], 2).inputCorrelation! };
    expect(() => alignedFlow(crossed, [1])).toThrow('inputCorrelation must have the right singular vectors');
    expect(() => alignedFlow(problem(5, [2, 1], [1, 0], 2), [1])).toThrow(
      'inputCorrelation must be > 0 along each mode',
    );
  });
});
