import { hessian } from '@hyperribbon/curvature';
import { type Examples, mlp } from '@hyperribbon/nn';
import { afterAll, describe, expect, it } from 'vitest';
import { smallExamples } from '../smallExamples.js';

const net = mlp([3, 4, 3]);
const params = net.init(5, 'float64');
const weighted: Examples = { ...smallExamples(6, 3, 3), weights: Float64Array.of(2, 0, 1, 3, 1, 1) };
const options = { dtype: 'float64', chunkSize: 2 } as const;

describe('shared among workers', () => {
  const sharded = hessian(net, params, weighted, { ...options, workers: 2 });
  afterAll(() => sharded.close());

  it('weighted examples give the same bits as here', async () => {
    const here = hessian(net, params, weighted, options);
    await sharded.ready;
    const x = params.map((_, i) => Math.cos(i));
    const [a, b] = [new Float64Array(net.size), new Float64Array(net.size)];
    here.apply(x, a);
    await sharded.apply(x, b);
    expect(b).toEqual(a);
    expect(sharded.loss).toBe(here.loss);
  });
});
