import { recordTrajectory, evaluate, mlp, squaredError, train, type Examples, type Network } from '@hyperribbon/nn';
import { parseArchitecture, resnet } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';
import { lossPlane, planPlane, planeRows, planeOf } from '../../src/plane.js';
import { examples, network, params } from '../small.js';

const weights = Float64Array.from(params);

function images(count: number, shape: readonly [number, number, number]): Examples {
  const features = shape[0] * shape[1] * shape[2];
  const inputs = stream({ seed: 3, purpose: 'inputs' }).normal(new Float32Array(count * features));
  return { inputs, labels: Int32Array.from({ length: count }, (_, i) => i % 3), count, features, shape, classes: 3 };
}

/** The same points, each evaluated alone. */
async function alone(net: Network, at: Float64Array, given: Examples, plan: Awaited<ReturnType<typeof planPlane>>) {
  const losses: number[] = [];
  for (const y of plan.ys)
    for (const x of plan.xs) {
      const moved = at.map((w, i) => w + x * plan.directions[0][i] + y * plan.directions[1][i]);
      losses.push((await evaluate(net, moved, given, { dtype: 'float64' })).loss);
    }
  return losses;
}

function expectClose(found: ArrayLike<number>, wanted: readonly number[], tol = 1e-12): void {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, i) => expect(Math.abs(found[i] - value)).toBeLessThanOrEqual(tol * Math.max(1, value)));
}

describe('A plane holds what each of its points has alone', () => {
  const resnetImages = images(7, [1, 8, 8]);
  const cases: readonly (readonly [string, Network, Examples])[] = [
    ['a dense network', network, examples],
    ['a network of one layer', mlp([5, 3]), examples],
    [
      'a network whose examples enter twice',
      parseArchitecture(
        '{"input":[5],"layers":[{"kind":"residual","branch":[{"kind":"linear","out":5}]},{"kind":"linear","out":3}]}',
      ),
      examples,
    ],
    ['a residual network with batch norm', resnet(8, { classes: 3, width: 4, image: [1, 8, 8] }), resnetImages],
  ];
  for (const [name, net, given] of cases)
    test(name, async () => {
      const at = net.init(1, 'float64') as Float64Array;
      const plan = await planPlane(net, at, given, { size: 3, seed: 5 });
      const found = await planeRows(net, at, given, plan, { dtype: 'float64' });
      expectClose(found, await alone(net, at, given, plan));
    });

  test('examples with weights', async () => {
    const weighted = { ...examples, weights: Float64Array.from({ length: examples.count }, (_, i) => i % 4) };
    const plan = await planPlane(network, weights, weighted, { size: 3 });
    const found = await planeRows(network, weights, weighted, plan, { dtype: 'float64' });
    expectClose(found, await alone(network, weights, weighted, plan));
  });

  test('rows made apart are the rows of the whole, bit for bit', async () => {
    const whole = await lossPlane(network, params, examples, { size: 5, seed: 2 });
    const plan = await planPlane(network, params, examples, { size: 5, seed: 2 });
    const parts = [
      await planeRows(network, params, examples, plan, { to: 2 }),
      await planeRows(network, params, examples, plan, { from: 2 }),
    ];
    const losses = Float64Array.from(parts.flatMap((part) => [...part]));
    expect(losses).toEqual(whole.loss);
    expect(await planeOf(network, params, examples, plan, { losses })).toEqual(whole);
  });

  test('the loss that is asked for', async () => {
    const plan = await planPlane(network, weights, examples, { size: 3 });
    const found = await planeRows(network, weights, examples, plan, {
      dtype: 'float64',
      loss: { kind: 'squared-error' },
    });
    const centre = await evaluate(network, weights, examples, { dtype: 'float64', loss: squaredError });
    expect(found[4]).toBeCloseTo(centre.loss, 12);
  });
});

describe('Batch norm', () => {
  const net = resnet(8, { classes: 3, width: 4, image: [1, 8, 8] });
  const given = images(9, [1, 8, 8]);
  const at = net.init(1, 'float64') as Float64Array;

  test('with its own statistics at every point a plane does not see the scale of what enters it', async () => {
    // statistics follow the weights: growing the first convolution changes nothing but ε's share
    const grown = at.slice();
    const first = net.parameters[0].shape.reduce((a, b) => a * b, 1);
    for (let i = 0; i < first; i++) grown[i] *= 1000;
    const axes = [0, 1].map((i) =>
      stream({ seed: 1, purpose: 'axis', index: i }).normal(new Float64Array(net.size)).fill(0, 0, first),
    ) as unknown as [Float64Array, Float64Array];
    const options = { size: 3, axes, extent: 0.01, dtype: 'float64', batchNorm: 'recomputed' } as const;
    const [plain, scaled] = [await lossPlane(net, at, given, options), await lossPlane(net, grown, given, options)];
    expect(plain.batchNorm).toBe('recomputed');
    plain.loss.forEach((loss, i) => expect(Math.abs(scaled.loss[i] - loss)).toBeLessThan(1e-2 * loss));
    const fixed = { ...options, batchNorm: 'fixed' } as const;
    const [a, b] = [await lossPlane(net, at, given, fixed), await lossPlane(net, grown, given, fixed)];
    expect(Math.abs(a.loss[4] - b.loss[4])).toBeGreaterThan(0.05 * a.loss[4]);
  });

  test('a network without it has none to measure', async () => {
    await expect(lossPlane(network, params, examples, { size: 2, batchNorm: 'recomputed' })).rejects.toThrow(
      /has none: leave it off/u,
    );
    expect((await lossPlane(network, params, examples, { size: 2 })).batchNorm).toBe('none');
  });
});

test('a run stands where its weights are, with their losses', async () => {
  const trajectory = recordTrajectory({ at: [0, 3, 10, 20] });
  const run = await train(network, examples, {
    epochs: 20,
    batchSize: 40,
    hooks: [trajectory],
    dtype: 'float64',
    initial: weights,
    schedule: { kind: 'constant', learningRate: 0.05 },
  });
  const plane = await lossPlane(network, run.params, examples, {
    axes: 'trajectory',
    trajectory,
    size: 9,
    dtype: 'float64',
  });
  const points = plane.trajectory!;
  expect(points.map(({ step }) => step)).toEqual([0, 3, 10, 20]);
  for (const [t, { loss }] of points.entries())
    expect(loss).toBeCloseTo((await evaluate(network, trajectory.records[t], examples, { dtype: 'float64' })).loss, 12);
  const last = points.at(-1)!;
  expect(Math.abs(last.x) + Math.abs(last.y) + last.distance).toBeLessThan(1e-12);
  // all that two directions can hold is held: shares of the squared distances add up with what is left
  const squares = points.reduce((sum, { x, y, distance }) => sum + x * x + y * y + distance * distance, 0);
  const inside = points.reduce((sum, { x, y }) => sum + x * x + y * y, 0);
  const [first, second] = plane.axes;
  expect(inside / squares).toBeCloseTo(first.share! + second.share!, 10);
  expect(first.share!).toBeGreaterThan(second.share!);
  expect(Math.max(...points.map(({ x }) => Math.abs(x)))).toBeLessThan(plane.xs.at(-1)!);
});
