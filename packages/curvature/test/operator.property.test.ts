import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fisher, gaussNewton, hessian, logitJacobian } from '@hyperribbon/curvature';
import { mlp, squaredError } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { product, relativeDistance, select, smallExamples, someVector } from './smallExamples.js';

const network = mlp([9, 8, 5]);
const w = network.init(3, 'float64') as Float64Array;
const examples = smallExamples(53, 9, 5);
const v = someVector(network.size);
const wide = { dtype: 'float64' } as const;

it('a mean over two halves of unequal size is their weighted mean', () => {
  const rows = Array.from({ length: 53 }, (_, i) => i);
  const [a, b] = [rows.slice(0, 17), rows.slice(17)].map((part) =>
    product(hessian(network, w, select(examples, part), wide), v),
  );
  const whole = product(hessian(network, w, examples, wide), v);
  expect(
    relativeDistance(
      a.map((x, i) => (17 * x + 36 * b[i]) / 53),
      whole,
    ),
  ).toBeLessThan(1e-13);
  expect(
    relativeDistance(
      a.map((x, i) => (x + b[i]) / 2),
      whole,
    ),
  ).toBeGreaterThan(1e-2);
});

it('a product allocates nothing', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const H = hessian(network, w, examples, { chunkSize: 10 });
  const [x, out] = [Float32Array.from(v), new Float32Array(network.size)];
  // until the engine has compiled everything for good; it does so on another thread, so the least of some rounds counts
  for (let i = 0; i < 4000; i++) H.apply(x, out);
  const grown = Array.from({ length: 6 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 1000; i++) H.apply(x, out);
    return (process.memoryUsage().heapUsed - before) / 1000;
  });
  // one typed-array view is about 100 bytes, a boxed number 16; the measurement itself is a few kB in all
  expect(Math.min(...grown)).toBeLessThan(16);
});

describe('refusals', () => {
  const cases: [string, () => unknown, string | RegExp][] = [
    [
      'weights of another length',
      () => hessian(network, new Float64Array(3), examples),
      'hessian: params must hold the 125 weights of mlp:tanh:9,8,5, got 3',
    ],
    [
      'NaN weights',
      () => gaussNewton(network, w.with(81, Number.NaN), examples),
      'gaussNewton: params must be finite, got NaN at index 81 (W2[1])',
    ],
    [
      'an infinite input',
      () => fisher(network, w, { ...examples, inputs: examples.inputs.with(20, Infinity) }),
      'fisher: inputs must be finite, got Infinity in example 2, feature 2',
    ],
    [
      'labels out of range',
      () => hessian(network, w, { ...examples, labels: examples.labels.with(4, -1) }),
      'hessian: labels[4] must be in [0, 5), the classes of mlp:tanh:9,8,5, got -1',
    ],
    [
      'no data',
      () => hessian(network, w, { ...examples, count: 0 }),
      'hessian: examples must hold at least one example, got count=0',
    ],
    [
      'other features',
      () => hessian(network, w, smallExamples(4, 3, 5)),
      'hessian: mlp:tanh:9,8,5 takes 9 features, got examples with 3',
    ],
    [
      'no chunk',
      () => hessian(network, w, examples, { chunkSize: 0 }),
      'hessian: chunkSize must be an integer >= 1, got chunkSize=0',
    ],
    [
      'an unknown reduction',
      () => hessian(network, w, examples, { reduction: 'median' as never }),
      "hessian: reduction must be one of 'mean', 'sum', got \"median\"",
    ],
    [
      'an unknown dtype',
      () => hessian(network, w, examples, { dtype: 'float16' as never }),
      "hessian: dtype must be one of 'float32', 'float64', got \"float16\"",
    ],
    [
      'a logit out of range',
      () => logitJacobian(network, w, examples, { logit: 5 }),
      'logitJacobian: logit must be an integer in [0, 4], got logit=5',
    ],
    [
      'an unknown kind',
      () => fisher(network, w, examples, { kind: 'true' as never }),
      "fisher: kind must be one of 'exact', 'sampled', 'empirical', got \"true\"",
    ],
    [
      'a model for a loss that has none',
      () => fisher(network, w, examples, { loss: (z) => squaredError(z, z) }),
      'for other losses use gaussNewton',
    ],
    [
      'sampled labels for squared error',
      () => fisher(network, w, examples, { kind: 'sampled', loss: squaredError }),
      'draws class labels or tokens and needs softmaxCrossEntropy or tokenCrossEntropy',
    ],
    [
      'more memory than allowed',
      () => hessian(network, w, examples, { memoryLimit: 1000 }),
      /hessian: needs \d+ bytes even with one chunk of examples at a time, but memoryLimit is 1000/,
    ],
    [
      'vectors of another length',
      () => hessian(network, w, examples).apply(new Float32Array(2), new Float32Array(125)),
      'hessian: apply takes x and out of 125 numbers, got 2 and 125',
    ],
  ];
  it.each(cases)('%s', (_, run, message) => expect(run).toThrow(message));
});
