// Oracle: the shapes themselves.
import { dense } from '@hyperribbon/autodiff';
import { defineNetwork, evaluate, mlp, shapeMismatch } from '@hyperribbon/nn';
import { expect, it } from 'vitest';

it.each<[readonly number[] | undefined, readonly number[] | undefined, boolean]>([
  [undefined, undefined, true],
  [[2, 3, 2], undefined, true],
  [undefined, [2, 3, 2], true],
  [[2, 3, 2], [12], true],
  [[2, 3, 2], [2, 3, 2], true],
  [[1, 4, 3], [4, 3], true],
  [[4, 3], [1, 1, 4, 3], true],
  [[1, 1], [1, 1, 1], true],
  [[2, 3, 2], [3, 2, 2], false],
  [[2, 3, 2], [6, 2], false],
  [[4, 3], [3, 4], false],
])('a network of %j and examples of %j fit: %s', (inputShape, shape, fits) => {
  const size = (inputShape ?? shape ?? [12]).reduce((a, b) => a * b);
  const network = { inputs: size, ...(inputShape === undefined ? {} : { inputShape }) };
  const examples = { features: size, ...(shape === undefined ? {} : { shape }) };
  expect(shapeMismatch(network, examples) === undefined).toBe(fits);
});

it('examples of another shape, or of a shape that is not theirs, are refused', async () => {
  const plain = mlp([12, 2]);
  const parameters = [{ name: 'W', shape: [12, 2] }];
  const define = { name: 'net', inputs: 12, classes: 2, parameters };
  const net = { ...defineNetwork({ ...define, apply: ({ W }, x) => dense(x, W) }), inputShape: [3, 2, 2] };
  const examples = { inputs: new Float64Array(24), labels: Int32Array.of(0, 1), count: 2, features: 12, classes: 2 };
  await expect(evaluate(net, net.init(0), { ...examples, shape: [2, 2, 3] })).rejects.toThrow(
    /^evaluate: net takes examples of shape \[3, 2, 2\], got \[2, 2, 3\]/,
  );
  await expect(evaluate(plain, plain.init(0), { ...examples, shape: [2, 5] })).rejects.toThrow(
    /^evaluate: shape must be that of an example of 12 features, got \[2, 5\]/,
  );
  expect((await evaluate(net, net.init(0), { ...examples, shape: [3, 2, 2] })).count).toBe(2);
});
