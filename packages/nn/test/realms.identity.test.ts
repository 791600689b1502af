// Arrays made in another realm (a frame, a vm context, jsdom) are what their tags say.
import { compile, constant, float32, matmul, type Tensor } from '@hyperribbon/autodiff';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { defineNetwork, networkFromData, networkToData, unflatten } from '../src/index.js';
import { networkFromArrays } from '../src/models.js';

const elsewhere = <T>(code: string): T => runInNewContext(code) as T;

test.each(['Float32Array', 'Float64Array'] as const)('weights of a foreign %s keep their precision', (name) => {
  const arrays = new Map([
    ['W1', { shape: [2, 2], data: elsewhere<Float64Array>(`${name}.of(0.1, 0.2, 0.3, 0.4)`) }],
    ['b1', { shape: [2], data: elsewhere<Float64Array>(`${name}.of(0.5, 0.6)`) }],
  ]);
  const { params } = networkFromArrays('mlp:tanh', arrays);
  const own = name === 'Float64Array' ? Float64Array : Float32Array;
  expect(params).toEqual(own.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6));
  expect(params).toBeInstanceOf(own);
});

test('a constant of another realm follows its network into float32', () => {
  const logits = ['Float64Array.of(0.1, 0.2, 0.3, 0.4)', undefined].map((code) => {
    const mixing = code === undefined ? Float64Array.of(0.1, 0.2, 0.3, 0.4) : elsewhere<Float64Array>(code);
    const network = defineNetwork({
      name: 'mixed',
      inputs: 2,
      classes: 2,
      parameters: [{ name: 'W', shape: [2, 2] }],
      apply: ({ W }, x) => matmul(matmul(x, W!), constant(mixing, [2, 2])),
    });
    const copy = networkFromData(networkToData(network));
    const { W } = unflatten(copy, copy.init(1));
    const run = compile((x: Tensor, w: Tensor) => copy.apply({ W: w }, x), [float32(1, 2), float32(2, 2)]);
    return [...(run(Float32Array.of(1, 2), W!) as Float32Array)];
  });
  expect(logits[0]).toEqual(logits[1]);
  expect(logits[0]!.every(Number.isFinite)).toBe(true);
});
