// Inputs made in another realm (a frame, a vm context, jsdom) keep their precision when they are turned.
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { planRotation } from '../../src/networks/noise/planRotation.js';

test.each([Float32Array, Float64Array])('%o', (own) => {
  const inputs = runInNewContext(`${own.name}.of(1, 2, 3, 4)`) as Float32Array;
  const examples = { inputs, labels: Int32Array.of(0, 1), count: 2, features: 2, classes: 2 };
  const turned = planRotation(examples)(Float64Array.of(0, 1, 1, 0));
  expect(turned).toBeInstanceOf(own);
  expect(turned).toEqual(own.of(2, 1, 4, 3));
});
