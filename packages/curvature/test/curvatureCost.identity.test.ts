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
    expect(() => build({ memoryLimit: leastBytes - 64 })).toThrow(`needs ${leastBytes} bytes even with one chunk`);
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
