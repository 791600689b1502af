import { it } from 'vitest';
import { type Case, checkTopTwelve } from './topTwelve.js';

const cases: Case[] = [
  ['mlp784-256-256-10-tanh', 'mlp:tanh', 'gaussNewton', 'float64'],
  ['mlp784-256-256-10-tanh', 'mlp:tanh', 'hessian', 'float32'],
  ['lenet-tanh', 'lenet', 'hessian', 'float64'],
];

it.each(cases)('top 12 eigenvalues of %s (%s): %s in %s', { timeout: 240_000 }, checkTopTwelve);
