import { eigh } from '@hyperribbon/lanczos';
import { hessian } from '@hyperribbon/curvature';
import { materialize } from '@hyperribbon/linop';
import { mlp, squaredError, type Network, unflatten } from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import { describe, expect, test } from 'vitest';
import { lossPlane, planPlane } from '../../src/plane.js';
import { examples, network, params } from '../small.js';

const weights = Float64Array.from(params);

describe('Directions normalised by filters have the norms of the filters they change', () => {
  test('a dense layer: columns of W (inputs, outputs); biases stay', async () => {
    const { directions } = await planPlane(network, weights, examples, { size: 2 });
    const [own, at] = [unflatten(network, directions[0]), unflatten(network, weights)];
    for (const [name, outputs] of [
      ['W1', 4],
      ['W2', 3],
    ] as const)
      for (let j = 0; j < outputs; j++) expect(norm(own[name], j, outputs)).toBeCloseTo(norm(at[name], j, outputs), 12);
    expect([...own.b1, ...own.b2]).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('a convolution: kernels of one output over all channels', async () => {
    const net = parseArchitecture(
      '{"input":[2,5,5],"layers":[{"kind":"conv2d","out":3,"kernel":3},{"kind":"relu"},{"kind":"flatten"},{"kind":"linear","out":3}]}',
    );
    const at = net.init(4, 'float64') as Float64Array;
    const { directions } = await planPlane(net, at, imagesOf(net), { size: 2 });
    const size = 3 * 2 * 9;
    const kernel = net.parameters.findIndex(({ shape }) => shape.length === 4);
    expect(net.parameters[kernel].shape).toEqual([3, 2, 3, 3]);
    for (let j = 0; j < 3; j++) {
      const [from, to] = [(j * size) / 3, ((j + 1) * size) / 3];
      expect(Math.hypot(...directions[1].subarray(from, to))).toBeCloseTo(Math.hypot(...at.subarray(from, to)), 12);
    }
  });

  test('arrays that are no weights of a layer, if asked: each is one filter', async () => {
    const { directions } = await planPlane(network, weights, examples, { size: 2, others: 'normalised' });
    const [own, at] = [unflatten(network, directions[0]), unflatten(network, weights)];
    expect(Math.hypot(...own.b1)).toBeCloseTo(Math.hypot(...at.b1), 12);
  });

  test('weights of size 1e±170 and of zero', async () => {
    const mixed = weights.map((w, i) => (i < 5 * 4 ? w * 1e-170 : w * 1e170));
    const { directions } = await planPlane(network, mixed, examples, { size: 2 });
    const [own, at] = [unflatten(network, directions[0]), unflatten(network, mixed)];
    const scaled = (x: ArrayLike<number>, by: number): number =>
      norm(
        Array.from(x, (v) => v * by),
        1,
        4,
      );
    expect(scaled(own.W1, 1e170)).toBeCloseTo(scaled(at.W1, 1e170), 12);
    await expect(
      planPlane(
        network,
        weights.map(() => 0),
        examples,
        { size: 2 },
      ),
    ).rejects.toThrow(/axis 1 has length 0/u);
  });
});

describe('On a quadratic the plane is the parabola of the Hessian', () => {
  // one linear layer with squared error: L(w + d) = L + gᵀd + dᵀHd/2
  const net = mlp([5, 3]);
  const at = net.init(2, 'float64') as Float64Array;
  const operator = hessian(net, at, examples, { dtype: 'float64', loss: squaredError });
  const gradient = operator.gradient();
  const loss = { kind: 'squared-error' } as const;

  test('with axes of the two largest eigenvalues, and of both ends', async () => {
    const { values } = eigh(Float64Array.from(await materialize(operator)), net.size);
    for (const [axes, wanted] of [
      ['hessian', [values[0], values[1]]],
      ['hessian-ends', [values[0], values.at(-1)!]],
    ] as const) {
      const plan = await planPlane(net, at, examples, { axes, size: 5, loss });
      const plane = await lossPlane(net, at, examples, { axes, size: 5, loss, dtype: 'float64' });
      plane.axes.forEach(({ eigenvalue, residualNorm, norm: length }, i) => {
        expect(eigenvalue).toBeCloseTo(wanted[i], 8);
        expect(residualNorm!).toBeLessThan(1e-3);
        expect(length).toBeCloseTo(1, 12);
      });
      const slopes = plan.directions.map((direction) => direction.reduce((sum, d, i) => sum + d * gradient[i], 0));
      plane.ys.forEach((y, row) =>
        plane.xs.forEach((x, column) => {
          const parabola = operator.loss + slopes[0] * x + slopes[1] * y + (wanted[0] * x * x + wanted[1] * y * y) / 2;
          expect(plane.loss[row * 5 + column]).toBeCloseTo(parabola, 4);
        }),
      );
      // the default extent: λx²/2 is 1, or the loss
      expect((wanted[0] * plane.xs[4] * plane.xs[4]) / 2).toBeCloseTo(Math.max(1, operator.loss), 4);
    }
  });

  test('with directions that are given and not orthogonal', async () => {
    const axes = [0, 1].map((k) => Float64Array.from({ length: net.size }, (_, i) => ((7 * i + 3 * k) % 5) - 1.5)) as [
      Float64Array,
      Float64Array,
    ];
    const matrix = Float64Array.from(await materialize(operator));
    const quadratic = (d: Float64Array): number => {
      let sum = operator.loss;
      for (let i = 0; i < d.length; i++) {
        sum += gradient[i] * d[i];
        for (let j = 0; j < d.length; j++) sum += (d[i] * matrix[i * d.length + j] * d[j]) / 2;
      }
      return sum;
    };
    const plane = await lossPlane(net, at, examples, { axes, size: 4, extent: 0.3, loss, dtype: 'float64' });
    plane.ys.forEach((y, row) =>
      plane.xs.forEach((x, column) =>
        expect(plane.loss[row * 4 + column]).toBeCloseTo(quadratic(axes[0].map((a, i) => x * a + y * axes[1][i])), 10),
      ),
    );
    expect(Math.abs(plane.cosine)).toBeGreaterThan(0.01);
  });
});

describe('A run in a plane', () => {
  const axes = [Float64Array.of(1, 0, 0, ...zeros(15)), Float64Array.of(1, 1, 0, ...zeros(15))] as const;
  const net = mlp([5, 3]);
  const centre = net.init(2, 'float64') as Float64Array;
  const records = [
    [2, 3, 4],
    [0.5, 0, 0],
    [0, 0, 0],
  ].map((far) => centre.map((w, i) => w + (far[i] ?? 0)));

  test('stands at least-squares coordinates, with the distance that is left', async () => {
    const { trajectory } = await planPlane(net, centre, examples, { axes, trajectory: { steps: [0, 5, 9], records } });
    const [far, near, here] = trajectory!;
    // (2, 3, 4) = −1 · (1, 0, 0) + 3 · (1, 1, 0) + (0, 0, 4)
    expect([far.x, far.y, far.distance].map(rounded)).toEqual([-1, 3, 4]);
    expect([near.x, near.y, near.distance].map(rounded)).toEqual([0.5, 0, 0]);
    expect([here.x, here.y, here.distance]).toEqual([0, 0, 0]);
  });

  test('spans no plane where it is a point or a line', async () => {
    const line = [0, 1, 2].map((t) => centre.map((w, i) => w + t * i));
    const asked = (some: readonly Float64Array[]) =>
      planPlane(net, centre, examples, {
        axes: 'trajectory',
        trajectory: { steps: some.map((_, t) => t), records: some },
      });
    await expect(asked(line)).rejects.toThrow(/3 records on a line; take axes/u);
    await expect(asked([centre, centre])).rejects.toThrow(/2 records at one point/u);
    await expect(asked([])).rejects.toThrow(/0 records at one point/u);
    await expect(planPlane(net, centre, examples, { axes: 'trajectory' })).rejects.toThrow(/need a trajectory/u);
  });
});

describe('Degenerate planes are refused or say so', () => {
  test('losses that overflow are Infinity, the rest are numbers', async () => {
    const plane = await lossPlane(network, params, examples, { size: 3, extent: 1e38 });
    expect(plane.loss[0]).toBe(Infinity);
    expect(Number.isFinite(plane.loss[4])).toBe(true);
    expect(plane.loss.some((loss) => Number.isNaN(loss))).toBe(false);
    // infinite weights times zeros are no numbers
    const dark = { ...examples, inputs: examples.inputs.map((x, i) => (i < 5 ? 0 : x)) };
    const far = await lossPlane(mlp([5, 3]), mlp([5, 3]).init(1), dark, { size: 3, extent: 1e39 });
    expect([far.loss[0], far.loss[8]]).toEqual([Infinity, Infinity]);
  });

  test('parallel axes, no points, a wrong length, NaN', async () => {
    const ones = new Float64Array(network.size).fill(1);
    const asked = (options: Parameters<typeof planPlane>[3]) => planPlane(network, weights, examples, options);
    await expect(asked({ axes: [ones, ones.map((x) => -2 * x)] })).rejects.toThrow(
      /must not be parallel, got cosine -1/u,
    );
    await expect(asked({ axes: [ones, ones.subarray(1)] })).rejects.toThrow(/axes\[1\]/u);
    await expect(asked({ axes: [ones, ones.map(() => NaN)] })).rejects.toThrow(/axes\[1\]/u);
    await expect(asked({ size: 1 })).rejects.toThrow(/size/u);
    await expect(asked({ extent: 0 })).rejects.toThrow(/extent/u);
    await expect(asked({ axes: 'random' as 'filter' })).rejects.toThrow(/axes/u);
    await expect(asked({ sizes: 3 } as object)).rejects.toThrow(/sizes/u);
    await expect(asked({ trajectory: { steps: [1], records: [] } })).rejects.toThrow(/got 1 and 0/u);
  });

  test('one example, one weight', async () => {
    const one = {
      ...examples,
      inputs: examples.inputs.subarray(0, 5),
      labels: examples.labels.subarray(0, 1),
      count: 1,
    };
    expect((await lossPlane(network, params, one, { size: 3 })).examples).toBe(1);
  });

  test('an abort ends it', async () => {
    await expect(lossPlane(network, params, examples, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/iu);
  });
});

function imagesOf(net: Network) {
  const inputs = new Float32Array(2 * net.inputs).map((_, i) => (i % 7) / 7);
  return { inputs, labels: Int32Array.of(0, 1), count: 2, features: net.inputs, shape: net.inputShape!, classes: 3 };
}

function norm(x: ArrayLike<number>, column: number, columns: number): number {
  return Math.hypot(...Array.from({ length: x.length / columns }, (_, i) => x[i * columns + column]));
}

function zeros(count: number): readonly number[] {
  return Array.from({ length: count }, () => 0);
}

function rounded(x: number): number {
  return Math.round(x * 1e12) / 1e12 + 0;
}
