// Oracle: the house rule on errors. First the function, then the argument and its value, then what to do.
import { isArgumentError } from '@hyperribbon/contract';
import {
  alignedFlow,
  balanceDrift,
  balancedNet,
  braunFlow,
  deepLinearNet,
  diagonalNetFlow,
  endToEndFlow,
  endToEndPreconditioner,
  flowReasons,
  gradientFlow,
  inContextRegression,
  kernelToRich,
  kuninNeuron,
  lambdaBalancedFlow,
  lambdaBalancedLimit,
  lambdaBalancedNet,
  layerDescent,
  layerHessian,
  logisticLoss,
  saxeMode,
  saxePair,
  saxeTime,
  squareLoss,
  squareLossOfData,
  twoLayerNtk,
  unconstrainedFeatures,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';

const net = deepLinearNet(
  [2, 2, 2],
  [
    [1, 0, 0, 1],
    [1, 0, 0, 1],
  ],
);
const loss = squareLoss({ inputs: 2, outputs: 2, inputOutput: [1, 0, 0, 1] });
const data = { inputs: [1, 2], targets: [1] };

const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['widths', () => deepLinearNet([2], []), /^deepLinearNet: widths must list inputs and outputs/],
  [
    'weights',
    () => deepLinearNet([2, 1], [[1, 2, 3]]),
    /^deepLinearNet: weights\[0\] must have shape \(1, 2\), 2 numbers, got 3/,
  ],
  [
    'NaN weight',
    () => deepLinearNet([1, 1], [[NaN]]),
    /^deepLinearNet: weights\[0\] must be finite, got weights\[0\]\[0\]=NaN/,
  ],
  ['not an array', () => saxeMode({ singularValue: 1, initial: 1 }, 3 as never), /^saxeMode: times must be an array/],
  [
    'descending times',
    () => saxeMode({ singularValue: 1, initial: 1 }, [1, 0]),
    /^saxeMode: times must ascend, got 0 after 1; sort them/,
  ],
  ['negative time', () => saxePair({ singularValue: 1, input: 1, output: 1 }, [-1]), /^saxePair: times must be >= 0/],
  [
    'negative mode',
    () => saxeMode({ singularValue: -1, initial: 1 }, [1]),
    /^saxeMode: singularValue must be finite and >= 0, got singularValue=-1/,
  ],
  [
    'depth',
    () => saxeMode({ singularValue: 1, initial: 1, depth: 2.5 }, [1]),
    /^saxeMode: depth must be an integer >= 1, got depth=2.5/,
  ],
  [
    'learning time',
    () => saxeMode({ singularValue: 1, initial: 1, learningTime: 0 }, [1]),
    /^saxeMode: learningTime must be finite and > 0, got learningTime=0/,
  ],
  [
    'string',
    () => saxePair({ singularValue: '1' as never, input: 1, output: 1 }, [1]),
    /^saxePair: singularValue must be a number, got "/,
  ],
  [
    'time backwards',
    () => saxeTime({ singularValue: 1, initial: 0.5 }, 0.2),
    /^saxeTime: final must lie ahead of initial=0.5.*got final=0.2/,
  ],
  [
    'initial modes',
    () => alignedFlow({ inputs: 2, outputs: 2, inputOutput: [1, 0, 0, 1], initial: [1] }, [1]),
    /^alignedFlow: initial must have length 2, got/,
  ],
  [
    'flow shapes',
    () => gradientFlow(deepLinearNet([1, 1], [[1]]), { loss, times: [1] }),
    /^gradientFlow: loss is of maps \(2, 2\), but net is \(1, 1\)/,
  ],
  [
    'flow tolerance',
    () => gradientFlow(net, { loss, times: [1], tol: 0 }),
    /^gradientFlow: tol must be finite and > 0/,
  ],
  [
    'flow decay',
    () => gradientFlow(net, { loss, times: [1], weightDecay: [1] }),
    /^gradientFlow: weightDecay must have length 2, got/,
  ],
  [
    'descent record',
    () => layerDescent(net, { loss, learningRate: 0.1, steps: 5, record: [0, 9] }),
    /^layerDescent: record must ascend within \[0, 5\], got record\[1\]=9/,
  ],
  [
    'correlation',
    () => squareLoss({ inputs: 2, outputs: 1, inputOutput: [1, 1], inputCorrelation: [1, 2, 0, 1] }),
    /^squareLoss: inputCorrelation must be symmetric/,
  ],
  [
    'indefinite',
    () => squareLoss({ inputs: 1, outputs: 1, inputOutput: [1], inputCorrelation: [-1] }),
    /^squareLoss: inputCorrelation must not have a negative eigenvalue, got -1/,
  ],
  [
    'rows',
    () => squareLossOfData({ inputs: [1, 2, 3], targets: [1, 2], samples: 2 }),
    /^squareLossOfData: inputs must hold 2 rows/,
  ],
  [
    'labels',
    () => logisticLoss({ inputs: [1, 2], labels: [0, 1] }),
    /^logisticLoss: labels must be -1 or \+1, got labels\[0\]=0/,
  ],
  [
    'narrow',
    () => balancedNet([1, 0, 0, 1], { widths: [2, 1, 2] }),
    /^balancedNet: hidden widths must be at least the rank of map.*widen/,
  ],
  [
    'λ widths',
    () => lambdaBalancedNet([1, 0, 0, 1], { widths: [2, 3, 2], lambda: 1 }),
    /^lambdaBalancedNet: hidden width must be <= min/,
  ],
  [
    'drift widths',
    () => balanceDrift(net, deepLinearNet([1, 1], [[1]])),
    /^balanceDrift: both nets must have the same widths/,
  ],
  [
    'depth of the exact flow',
    () => lambdaBalancedFlow(deepLinearNet([1, 1], [[1]]), { inputOutput: [1], times: [1] }),
    /^lambdaBalancedFlow: net must have 2 layers, got 1; use gradientFlow/,
  ],
  [
    'not balanced',
    () =>
      lambdaBalancedFlow(
        deepLinearNet(
          [2, 2, 2],
          [
            [1, 2, 3, 4],
            [1, 0, 0, 1],
          ],
        ),
        { inputOutput: [1, 0, 0, 1], times: [1] },
      ),
    /^lambdaBalancedFlow: net must be λ-balanced, but max .* make it with lambdaBalancedNet/,
  ],
  [
    'method',
    () => lambdaBalancedFlow(net, { inputOutput: [1, 0, 0, 1], times: [1], method: 'fast' as never }),
    /^lambdaBalancedFlow: method must be one of 'closed', 'semigroup', 'direct', got "fast"/,
  ],
  [
    'compact width',
    () =>
      braunFlow(lambdaBalancedNet([1, 1, 1, 1], { widths: [2, 1, 2], lambda: 0 }), {
        inputOutput: [1, 0, 0, 1],
        times: [1],
      }),
    /^braunFlow: hidden width must be min\(inputs, outputs\) = 2, got 1/,
  ],
  [
    'compact rank',
    () => braunFlow(net, { inputOutput: [1, 1, 1, 1], times: [1] }),
    /^braunFlow: inputOutput and W2 W1 must have rank 2.*use lambdaBalancedFlow/,
  ],
  [
    'limit',
    () => lambdaBalancedLimit({ inputs: 1, outputs: 1, inputOutput: [1], lambda: Infinity }),
    /^lambdaBalancedLimit: lambda must be finite/,
  ],
  [
    'kernel',
    () => twoLayerNtk({ data: [1], samples: 1, inputs: 1, outputs: 1, inputGram: [1, 2], outputGram: [1] }),
    /^twoLayerNtk: inputGram must have shape \(1, 1\)/,
  ],
  [
    'neuron',
    () => kuninNeuron({ inputWeights: [1], outputWeight: 1, target: [1, 2] }, [1]),
    /^kuninNeuron: inputWeights must have length 2, got/,
  ],
  [
    'map',
    () => endToEndPreconditioner([1, 2], { inputs: 1, outputs: 1, depth: 2 }),
    /^endToEndPreconditioner: map must have shape \(1, 1\)/,
  ],
  ['map flow', () => endToEndFlow([1], { loss, depth: 2, times: [1] }), /^endToEndFlow: map must have shape \(2, 2\)/],
  ['alpha', () => kernelToRich(data, { alpha: 0 }), /^kernelToRich: alpha must be finite and > 0, got alpha=0/],
  [
    'alpha^depth',
    () => kernelToRich(data, { alpha: 1e-100, depth: 5 }),
    /^kernelToRich: \(alpha·shape\)\^depth must lie within/,
  ],
  [
    'diagonal depth',
    () => diagonalNetFlow(data, { alpha: 1, depth: 1 }, { times: [1] }),
    /^diagonalNetFlow: depth must be an integer >= 2, got depth=1/,
  ],
  ['layer', () => layerHessian(net, 3), /^layerHessian: layer must be an integer in \[1, 2\], got layer=3/],
  [
    'decay',
    () => unconstrainedFeatures({ classes: 2, samplesPerClass: 2, layerDecays: [0], featureDecay: 1 }),
    /^unconstrainedFeatures: layerDecays\[0\] must be finite and > 0/,
  ],
  [
    'covariance',
    () => inContextRegression({ inputs: 1, inputCovariance: [-1], contextLength: 3 }),
    /^inContextRegression: inputCovariance must not have a negative eigenvalue, got -1/,
  ],
  [
    'no covariance',
    () => inContextRegression({ inputs: 1, inputCovariance: [0], contextLength: 3 }),
    /^inContextRegression: inputCovariance must not be zero/,
  ],
];

describe('bad input names itself, its value and the remedy', () => {
  test.each(cases)('%s', (_, call, message) => {
    let caught: unknown;
    try {
      call();
    } catch (error) {
      caught = error;
    }
    expect(isArgumentError(caught)).toBe(true);
    expect(caught instanceof RangeError || caught instanceof TypeError).toBe(true);
    expect((caught as Error).message).toMatch(message);
  });
});

test('every reason has a text that says what to do', () => {
  const reasons = [
    'reached-end',
    'chosen-by-rounding',
    'max-steps',
    'step-underflow',
    'aborted',
    'target',
    'rank-limited',
    'opposite-determinants',
    'singular-overlap',
    'wrong-sign',
    'at-saddle',
    'done',
    'diverged',
    'interpolates',
    'least-squares',
    'not-converged',
  ] as const;
  expect(Object.keys(flowReasons).sort()).toEqual([...reasons].sort());
  const texts = reasons.map((reason) => flowReasons[reason]);
  expect(new Set(texts).size).toBe(reasons.length);
  for (const text of texts) expect(text).toMatch(/^[A-Z].*\.$/);
});

test('defaults are the documented ones: depth 2, white, τ = 1, τ-scaling exact', () => {
  const mode = { singularValue: 2, initial: 0.1 };
  const explicit = { ...mode, depth: 2, inputVariance: 1, learningTime: 1 };
  expect(saxeMode(mode, [1]).values).toEqual(saxeMode(explicit, [1]).values);
  expect(saxeMode({ ...mode, learningTime: 2 }, [2]).values[0]).toBe(saxeMode(mode, [1]).values[0]);
  expect(saxeMode({ ...mode, inputVariance: 2 }, [1]).limit).toBe(1);
  expect(kernelToRich(data, { alpha: 1 }).map).toEqual(kernelToRich(data, { alpha: 1, depth: 2, shape: [1, 1] }).map);
});
