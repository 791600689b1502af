import {
  type CurvatureOptions,
  curvatureCost,
  fisher,
  gaussNewton,
  hessian,
  type ShardedCurvatureOperator,
} from '@hyperribbon/curvature';
import { lenet, mlp } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { smallExamples } from './smallExamples.js';

describe('curvatureCost is what the operator then takes', () => {
  const nets = [mlp([20, 30, 10, 4]), lenet({ channels: [2, 3], hidden: [6], classes: 4 })];
  const builds = {
    hessian,
    gaussNewton,
    fisher: (...[network, params, examples, options]: Parameters<typeof hessian>) =>
      fisher(network, params, examples, { ...options, kind: 'empirical' }),
  };
  const cases: [keyof typeof builds, number, CurvatureOptions][] = [
    ['hessian', 0, { chunkSize: 16 }],
    ['gaussNewton', 0, { chunkSize: 16, dtype: 'float64' }],
    ['fisher', 0, {}],
    ['hessian', 1, {}],
    ['hessian', 1, { chunkSize: 16 }],
  ];
  it.each(cases)('%s of network %i with %j', (kind, which, options) => {
    const network = nets[which];
    const examples = smallExamples(41, network.inputs, 4);
    const build = (more: CurvatureOptions): ReturnType<typeof hessian> =>
      builds[kind](network, network.init(1), examples, { ...options, ...more });
    const { leastBytes, sumBytes, ...expected } = curvatureCost(kind, network, 41, options);
    expect(build({}).info).toMatchObject(expected);
    expect(sumBytes).toBe(8 * network.size * (options.chunkSize === undefined ? 0 : 2));
    expect(build({ memoryLimit: leastBytes }).info.bytes).toBe(leastBytes);
    const less = { memoryLimit: leastBytes - 64 };
    if (options.chunkSize !== undefined)
      expect(() => build(less)).toThrow(`needs ${leastBytes} bytes even with one chunk`);
    // chunks that nobody asked for become as small as memory wants them, and that is told too
    else expect(build(less).info.chunkSize).toBe(curvatureCost(kind, network, 41, { ...options, ...less }).chunkSize);
  });

  it('of an operator that is shared among threads', async () => {
    const [network] = nets;
    const examples = smallExamples(41, network.inputs, 4);
    for (const [workers, chunkSize] of [
      [2, 16],
      [3, 9],
      [9, 16],
    ]) {
      const {
        leastBytes,
        sumBytes,
        workers: threads,
        ...expected
      } = curvatureCost('hessian', network, 41, { workers, chunkSize });
      const build = (memoryLimit: number): ShardedCurvatureOperator =>
        hessian(network, network.init(1), examples, { chunkSize, workers, memoryLimit });
      for (const [budget, facts] of [
        [2 ** 31, expected],
        [leastBytes, { chunks: expected.chunks }],
      ] as const) {
        const operator = build(budget);
        await operator.ready;
        expect(operator.info).toMatchObject({ ...facts, workers: threads });
        await operator.close();
      }
      // this thread's part is refused at once, a worker's when it starts
      const start = async (budget: number): Promise<void> => build(budget).ready;
      await expect(start(leastBytes - 64 * expected.chunks)).rejects.toThrow(/even with one chunk/);
      expect(sumBytes).toBeGreaterThan(curvatureCost('hessian', network, 41, { chunkSize }).sumBytes);
    }
    expect(curvatureCost('hessian', network, 41, { workers: 1, chunkSize: 16 }).bytes).toBe(
      curvatureCost('hessian', network, 41, { chunkSize: 16 }).bytes,
    );
    expect(() => curvatureCost('hessian', network, 41, { workers: 0 })).toThrow(
      'curvatureCost: workers must be an integer >= 1, got workers=0',
    );
  });

  it('refuses what it does not know', () => {
    expect(() => curvatureCost('kfac' as never, nets[0], 5)).toThrow(
      `curvatureCost: kind must be one of 'hessian', 'gaussNewton', 'fisher', got "kfac"`,
    );
    expect(() => curvatureCost('hessian', nets[0], 0)).toThrow(
      'curvatureCost: count must be an integer >= 1, got count=0',
    );
  });
});

it('chunks that nobody asked for take half the memory where the usual ones do not fit, down to single examples', () => {
  const network = mlp([20, 30, 10, 4]);
  const least = (chunkSize: number): number => curvatureCost('hessian', network, 200, { chunkSize }).leastBytes;
  const sizeWithin = (memoryLimit: number): number => curvatureCost('hessian', network, 200, { memoryLimit }).chunkSize;
  expect(sizeWithin(least(200))).toBe(200);
  for (const size of [4, 16, 64]) {
    const found = sizeWithin(2 * least(size));
    expect(Math.log2(found) % 1).toBe(0);
    expect(least(found)).toBeLessThan(1.1 * least(size));
    expect(least(4 * found)).toBeGreaterThan(least(size));
  }
  expect(sizeWithin(least(1))).toBe(1);
  expect(sizeWithin(1)).toBe(1);
  expect(() => hessian(network, network.init(1), smallExamples(9, 20, 4), { memoryLimit: 1e3 })).toThrow(
    'hessian: needs',
  );
  const examples = smallExamples(40, 20, 4);
  const [usual, small] = [{}, { memoryLimit: 2 * least(4) }].map((more) =>
    hessian(network, network.init(1, 'float64'), examples, { dtype: 'float64', ...more }),
  );
  expect(small.info.chunkSize).toBeLessThan(usual.info.chunkSize);
  expect(small.info.bytes).toBeLessThanOrEqual(2 * least(4));
  expect(Math.abs(small.loss - usual.loss)).toBeLessThan(1e-14 * usual.loss);
});
