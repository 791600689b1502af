import { type CurvatureOperator, fisher, gaussNewton, hessian, logitJacobian } from '@hyperribbon/curvature';
import {
  binaryCrossEntropy,
  type Examples,
  mlp,
  softmaxCrossEntropy,
  squaredError,
  type TargetExamples,
} from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { matrixOf, select, smallExamples } from '../smallExamples.js';

const net = mlp([3, 4, 3]);
const params = net.init(5, 'float64');
const labelled = smallExamples(6, 3, 3);
const options = { dtype: 'float64', chunkSize: 4 } as const;

/** rows of the matrix behind an operator */
function matrix(operator: CurvatureOperator): Float64Array[] {
  const whole = matrixOf(operator);
  const { size } = operator;
  return Array.from({ length: size }, (_, i) => whole.subarray(i * size, (i + 1) * size));
}

function expectClose(a: CurvatureOperator, b: CurvatureOperator): void {
  const [left, right] = [matrix(a), matrix(b)];
  const scale = Math.max(...right.flatMap((row) => [...row].map(Math.abs)));
  expect(scale).toBeGreaterThan(0);
  left.forEach((row, i) => row.forEach((x, j) => expect(Math.abs(x - right[i][j])).toBeLessThan(1e-14 * scale)));
  expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-14 * Math.abs(b.loss));
  expect(Math.abs(a.gradientNorm - b.gradientNorm)).toBeLessThan(1e-14 * b.gradientNorm);
}

const weights = Float64Array.of(2, 0, 1, 3, 1, 1);
const weighted: Examples = { ...labelled, weights };
const repeated = select(labelled, [0, 0, 2, 3, 3, 3, 4, 5]);

describe('example weights that are whole numbers are repetitions of examples, for', () => {
  it.each([
    ['hessian', (examples: Examples, more: object) => hessian(net, params, examples, { ...options, ...more })],
    ['gaussNewton', (examples: Examples, more: object) => gaussNewton(net, params, examples, { ...options, ...more })],
    ['fisher, exact', (examples: Examples, more: object) => fisher(net, params, examples, { ...options, ...more })],
    [
      'fisher, empirical',
      (examples: Examples, more: object) => fisher(net, params, examples, { ...options, ...more, kind: 'empirical' }),
    ],
    [
      'logitJacobian',
      (examples: Examples, more: object) => logitJacobian(net, params, examples, { ...options, ...more }),
    ],
  ])('%s', (_, make) => {
    for (const reduction of ['mean', 'sum'] as const)
      expectClose(make(weighted, { reduction }), make(repeated, { reduction }));
  });
});

describe('targets', () => {
  const oneHot: TargetExamples = {
    inputs: labelled.inputs,
    count: 6,
    features: 3,
    outputs: 3,
    targets: Float64Array.from({ length: 18 }, (_, i) => (labelled.labels[Math.floor(i / 3)] === i % 3 ? 1 : 0)),
  };

  it.each([
    ['softmaxCrossEntropy', softmaxCrossEntropy],
    ['squaredError', squaredError],
  ])('that are unit vectors have the curvature of labels, by %s', (_, loss) => {
    for (const make of [hessian, gaussNewton]) {
      expectClose(make(net, params, oneHot, { ...options, loss }), make(net, params, labelled, { ...options, loss }));
    }
  });

  it('move the Hessian of the squared error by the residual only: the Gauss-Newton matrix does not see them', () => {
    const shifted = { ...oneHot, targets: oneHot.targets.map((t, i) => t + Math.sin(i)) };
    const make = (examples: TargetExamples) => gaussNewton(net, params, examples, { ...options, loss: squaredError });
    expect(matrix(make(shifted))).toEqual(matrix(make(oneHot)));
    const of = (examples: TargetExamples) => matrix(hessian(net, params, examples, { ...options, loss: squaredError }));
    expect(of(shifted)).not.toEqual(of(oneHot));
  });

  it('of one logit: the exact Fisher matrix of a coin is that of two classes', () => {
    const coin = mlp([3, 4, 1]);
    const w = coin.init(2, 'float64');
    const yes = { ...smallExamples(6, 3, 2), classes: 2 };
    const one = fisher(coin, w, yes, { ...options, loss: binaryCrossEntropy });
    expectClose(one, gaussNewton(coin, w, yes, { ...options, loss: binaryCrossEntropy }));
    // logits (0, z): the first column of the last layer is 0
    const pair = mlp([3, 4, 2]);
    const wide = new Float64Array(pair.size);
    const last = 3 * 4 + 4;
    wide.set(w.subarray(0, last));
    for (let i = 0; i < 4; i++) wide[last + 2 * i + 1] = w[last + i];
    wide[last + 9] = w[last + 4];
    const two = gaussNewton(pair, wide, yes, options);
    expect(Math.abs(one.loss - two.loss)).toBeLessThan(1e-15);
    const [a, b] = [matrix(one), matrix(two)];
    const place = [...Array.from({ length: last }, (_, i) => i), ...[1, 3, 5, 7, 9].map((i) => last + i)];
    a.forEach((row, i) => row.forEach((x, j) => expect(Math.abs(x - b[place[i]][place[j]])).toBeLessThan(1e-15)));
  });

  it('are refused where labels are drawn', () => {
    expect(() => fisher(net, params, oneHot, { kind: 'sampled' })).toThrow('fisher: kind');
    expect(() => fisher(net, params, oneHot)).toThrow('use gaussNewton');
  });
});
