import { evaluate } from '@hyperribbon/nn';
import { expect, it } from 'vitest';
import { referenceNetwork } from './referenceNetwork.js';
import { type Case, checkTopTwelve } from './topTwelve.js';

// the heavier ones are in topSpectrum.slow.test.ts

const cases: Case[] = [
  ['mlp784-128-10-relu', 'mlp:relu', 'hessian', 'float64'],
  ['mlp784-128-10-relu', 'mlp:relu', 'hessian', 'float32'],
  ['lenet-tanh', 'lenet', 'gaussNewton', 'float32'],
];

it.each(cases)('top 12 eigenvalues of %s (%s): %s in %s', { timeout: 240_000 }, checkTopTwelve);

it('loss and accuracy of the networks are those of the reference', async () => {
  for (const [name, kind] of [...cases, ['mlp784-256-256-10-tanh', 'mlp:tanh']]) {
    const { network, params, examples, reference } = await referenceNetwork(name, kind);
    const { loss, error } = await evaluate(network, params, examples, { dtype: 'float64', chunkSize: 300 });
    expect(Math.abs(loss - reference.loss)).toBeLessThan(1e-12);
    expect(Math.abs(1 - error - reference.accuracy)).toBeLessThan(1e-12);
  }
});
