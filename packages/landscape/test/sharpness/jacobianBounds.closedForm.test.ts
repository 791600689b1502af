// Oracle: closed forms of linear functions, coverings drawn at random, pairs by hand, and a one-dimensional fit whose slopes are differenced on a grid.
import { constantSchedule, logits, mlp, momentum, squaredError, train } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { coveringRadius, lipschitzBounds, riskBound, slopeBound } from '../../src/index.js';
import { examples as labelled, network as tanh, params } from '../small.js';

const uniform = (seed: number, length: number, index = 0) =>
  stream({ seed, purpose: 'points', index }).uniform(new Float64Array(length));
function expectNear(found: number, wanted: number, tol = 1e-12): void {
  expect(Math.abs(found - wanted)).toBeLessThan(tol * Math.abs(wanted));
  expect(Math.abs(found - wanted * (1 + 10 * tol))).toBeGreaterThan(tol * Math.abs(wanted));
}

describe('coveringRadius', () => {
  it('is L √d / m with m = ⌊(N / ln(N/ε))^{1/d}⌋', () => {
    // 20 / ln 400 = 3.34, 100 / ln 2000 = 13.16, 500 / ln 10000 = 54.29
    for (const [count, cells] of [
      [20, 3],
      [100, 13],
      [500, 54],
    ]) {
      expect(coveringRadius({ count, dimension: 1 })).toMatchObject({ cells, radius: 1 / cells, delta: 0.05 });
      const plane = coveringRadius({ count, dimension: 2, lipschitz: 3 });
      expect(plane.cells).toBe(Math.floor(Math.sqrt(count / Math.log(count / 0.05))));
      expectNear(plane.radius, (3 * Math.SQRT2) / plane.cells);
    }
  });

  it('covers the interval in at least 95 % of samples, and is some three times what is needed', () => {
    for (const count of [20, 100]) {
      const { radius } = coveringRadius({ count, dimension: 1 });
      let [failures, total] = [0, 0];
      for (let trial = 0; trial < 200; trial++) {
        const x = uniform(1, count, trial).sort();
        let needed = Math.max(x[0], 1 - x[count - 1]);
        for (let i = 1; i < count; i++) needed = Math.max(needed, (x[i] - x[i - 1]) / 2);
        if (needed > radius) failures++;
        total += needed / 200;
      }
      expect(failures).toBeLessThan(10);
      expect(radius / total).toBeGreaterThan(2);
      expect(radius / total).toBeLessThan(5);
    }
  });

  it('takes exact roots, says that it is a reconstruction, and refuses too few examples', () => {
    // δ with N / ln(N/δ) = 8 for N = 100: three dimensions have 2 cells a side, and with a little more certainty one
    const delta = 100 * Math.exp(-100 / 8);
    expect(coveringRadius({ count: 100, dimension: 3, delta: delta * 1.0001 }).cells).toBe(2);
    expect(coveringRadius({ count: 100, dimension: 3, delta: delta * 0.9999 }).cells).toBe(1);
    expect(coveringRadius({ count: 9, dimension: 1 }).standing).toBe('reconstructed');
    expect(() => coveringRadius({ count: 3, dimension: 1 })).toThrow('count must be at least');
    expect(() => coveringRadius({ count: 9, dimension: 1, delta: 1 })).toThrow('delta');
    expect(() => coveringRadius({ count: 9, dimension: 0 })).toThrow('dimension');
    expect(() => coveringRadius({ count: 9, dimension: 1, epsilon: 1 } as never)).toThrow('epsilon');
  });
});

describe('lipschitzBounds', () => {
  it('are both the norm of the weights where the network is linear, at any scale', async () => {
    const net = mlp([2, 2]);
    const given = { inputs: uniform(1, 8), targets: new Float64Array(8), count: 4, features: 2, outputs: 2 };
    for (const scale of [1e-150, 1, 1e150]) {
      const found = await lipschitzBounds(
        net,
        Float64Array.of(3, 0, 0, -4, 1, 1).map((w) => w * scale),
        given,
        { radius: 1 },
      );
      for (const name of ['lower', 'upper', 'atPoints'] as const) expectNear(found[name] / scale, 4);
      expect([found.uncovered, found.points, found.standing]).toEqual([0, 16, 'reconstructed']);
    }
  });

  it('have variations over the points of each ball, and count those in none', async () => {
    const net = mlp([1, 1, 1], { activation: 'tanh' });
    // f = tanh(x), f′ = 1 − tanh²
    const at = Float64Array.of(1, 0, 1, 0);
    const given = { inputs: Float64Array.of(0, 2), targets: new Float64Array(2), count: 2, features: 1, outputs: 1 };
    const slope = (x: number) => 1 - Math.tanh(x) ** 2;
    const points = Float64Array.of(-0.5, 0.4, 1.5, 9);
    const found = await lipschitzBounds(net, at, given, { radius: 0.5, points });
    expectNear(found.variation[0], slope(0) - slope(0.5));
    expectNear(found.variation[1], slope(1.5) - slope(2));
    expectNear(found.lower, 1);
    expectNear(found.upper, 1 + slope(0) - slope(0.5));
    expectNear(found.atPoints, slope(0.4));
    expect(found.uncovered).toBe(1);
  });

  it('draws the same points for the same seed, each in its ball', async () => {
    const weights = Float64Array.from(params);
    const of = (options: object) => lipschitzBounds(tanh, weights, labelled, { radius: 0.3, ...options });
    const [a, b, c] = [await of({}), await of({ seed: 0, probes: 4 }), await of({ seed: 1 })];
    expect(b).toEqual(a);
    expect(c.upper).not.toBe(a.upper);
    expect(a.uncovered).toBe(0);
    expect(a.upper).toBeGreaterThan(a.lower);
  });

  it('refuses points that do not fit and radii that are none', async () => {
    const weights = Float64Array.from(params);
    const of = (options: object) => lipschitzBounds(tanh, weights, labelled, { radius: 1, ...options });
    await expect(of({ points: new Float64Array(4) })).rejects.toThrow('rows of 5');
    await expect(of({ points: new Float64Array(5), probes: 2 })).rejects.toThrow('probes');
    await expect(of({ points: new Float64Array(5).fill(NaN) })).rejects.toThrow('points');
    await expect(of({ radius: 0 })).rejects.toThrow('radius');
    await expect(of({ signal: AbortSignal.abort() })).rejects.toThrow('abort');
  });
});

describe('slopeBound', () => {
  const net = mlp([1, 1]);
  const given = (inputs: number[], targets: number[]) => ({
    inputs: Float64Array.from(inputs),
    targets: Float64Array.from(targets),
    count: inputs.length,
    features: 1,
    outputs: 1,
  });

  it('is the steepest pair of targets where all are fitted, and less by the errors elsewhere', () => {
    const exact = slopeBound(net, Float64Array.of(2, 1), given([0, 1, 3], [1, 3, 7]));
    expect(exact).toMatchObject({ value: 2, pair: [0, 1], vacuous: false, fromLoss: 2, loss: 0, repeated: 0 });
    // errors 0.5, 0, 0 : pairs (3 − 0.5 − 1.5)/1, …
    const off = slopeBound(net, Float64Array.of(2, 1), given([0, 1, 3], [1.5, 3, 7]));
    expectNear(off.value, 2);
    expect(off.pair).toEqual([1, 2]);
    expectNear(off.loss, 0.125 / 3);
    // the best of (1.5 − √2 · 0.5) / 1, (5.5 − √2 · 0.5) / 3, (4 − √2 · 0.5) / 2
    expectNear(off.fromLoss, (4 - Math.SQRT1_2) / 2);
    expectNear(off.positiveBelow, 5.5 ** 2 / 12);
    expect(off.standing).toBe('reconstructed');
  });

  it('demands nothing at a high loss, and never more from the loss than from the errors', () => {
    const found = slopeBound(net, Float64Array.of(0, 0), given([0, 1], [1, -1]));
    expect([found.value, found.vacuous]).toEqual([0, true]);
    const weights = Float64Array.from(params);
    const ofLabels = slopeBound(tanh, weights, labelled);
    expect(ofLabels.fromLoss).toBeLessThanOrEqual(ofLabels.value);
    expectNear(ofLabels.positiveBelow, 2 / 160);
  });

  it('falls by 1 − α with smoothed targets that are fitted', () => {
    for (const alpha of [0, 0.25, 0.5]) {
      const targets = Float64Array.of(1 - alpha / 2, alpha / 2, alpha / 2, 1 - alpha / 2);
      const two = { inputs: Float64Array.of(0, 1), targets, count: 2, features: 1, outputs: 2 };
      // f(x) = (1 − α/2, α/2) + x (α − 1, 1 − α)
      const at = Float64Array.of(alpha - 1, 1 - alpha, 1 - alpha / 2, alpha / 2);
      expectNear(slopeBound(mlp([1, 2]), at, two).value, Math.SQRT2 * (1 - alpha));
    }
  });

  it('leaves equal inputs out, and says that there is no pair', () => {
    const found = slopeBound(net, Float64Array.of(0, 0), given([1, 1], [0, 1]));
    expect(found).toMatchObject({ value: -Infinity, repeated: 1, vacuous: true, positiveBelow: 0 });
    expect(found.pair).toBeUndefined();
    expect(slopeBound(net, Float64Array.of(0, 0), given([1], [0])).vacuous).toBe(true);
    const tiny = slopeBound(net, Float64Array.of(0, 0), given([0, 1e-150], [1e-100, 1e-100]));
    expect(tiny.value).toBeLessThan(0);
    const weighted = { ...given([0, 1], [0, 1]), weights: Float64Array.of(1, 2) };
    expect(() => slopeBound(net, Float64Array.of(0, 0), weighted)).toThrow('weights');
  });
});

describe('riskBound', () => {
  it('holds for lines: |a − b| x on the interval, with the radius of the sample', () => {
    const [a, b] = [2, 0.5];
    for (const count of [20, 100]) {
      const x = uniform(2, count);
      const { radius } = coveringRadius({ count, dimension: 1 });
      const norms = new Float64Array(count).fill(a);
      const targetNorms = new Float64Array(count).fill(b);
      const costs = x.map((at) => Math.abs(a - b) * at);
      const found = riskBound({ costs, costLipschitz: 1, radius, norms, targetNorms });
      expectNear(found.value, Math.max(...costs) + radius * (a + b));
      expect(found.value).toBeGreaterThan(Math.abs(a - b));
      expect(found.byExample).toBeLessThanOrEqual(found.value);
      expect(found.standing).toBe('reconstructed');
    }
  });

  it('is the largest cost where nothing varies, and tighter example by example', () => {
    const zeros = new Float64Array(2);
    const costs = Float64Array.of(1, 0.2);
    expect(riskBound({ costs, costLipschitz: 3, radius: 1, norms: zeros, targetNorms: zeros }).value).toBe(1);
    const found = riskBound({ costs, costLipschitz: 1, radius: 0.1, norms: Float64Array.of(1, 6), targetNorms: zeros });
    expectNear(found.value, 1.6);
    expectNear(found.byExample, 1.1);
  });

  it('refuses lengths that differ, negative norms and no examples', () => {
    const one = Float64Array.of(1);
    const good = { costs: one, costLipschitz: 1, radius: 1, norms: one, targetNorms: one };
    expect(() => riskBound({ ...good, norms: new Float64Array(2) })).toThrow('norms');
    expect(() => riskBound({ ...good, targetNorms: Float64Array.of(-1) })).toThrow('targetNorms');
    expect(() => riskBound({ ...good, costs: new Float64Array(0) })).toThrow('costs');
    expect(() => riskBound({ ...good, costs: Float64Array.of(NaN) })).toThrow('costs');
    expect(() => riskBound({ ...good, radius: -1 })).toThrow('radius');
  });
});

describe('all of them along a fit of sin 6πx', () => {
  it('the demand of the errors is below the steepest slope on a grid, which is below the slopes at examples and their variation', async () => {
    const net = mlp([1, 40, 40, 1], { activation: 'tanh' });
    const count = 40;
    const inputs = uniform(3, count).sort();
    const targets = inputs.map((x) => Math.sin(6 * Math.PI * x));
    const examples = { inputs, targets, count, features: 1, outputs: 1 };
    const grid = Float64Array.from({ length: 2001 }, (_, i) => i / 2000);
    let radius = Math.max(inputs[0], 1 - inputs[count - 1]);
    for (let i = 1; i < count; i++) radius = Math.max(radius, inputs[i] - inputs[i - 1]);
    const kept: Float64Array[] = [];
    await train(net, examples, {
      epochs: 2000,
      batchSize: count,
      loss: squaredError,
      optimizer: momentum(0.9),
      schedule: constantSchedule(0.02),
      initial: (net.init(0, 'float64') as Float64Array).map((w) => 2.5 * w),
      dtype: 'float64',
      hooks: [
        {
          onStep({ weights, steps }) {
            if (steps % 500 === 0) kept.push(Float64Array.from(weights));
          },
        },
      ],
    });
    expect(kept.length).toBe(5);
    const demands: number[] = [];
    for (const at of kept) {
      const { value } = slopeBound(net, at, examples);
      const { lower, upper, atPoints, uncovered } = await lipschitzBounds(net, at, examples, { radius, points: grid });
      const z = logits(net, at, { ...examples, inputs: grid, targets: grid, count: 2001 }, { dtype: 'float64' });
      let steepest = 0;
      for (let i = 1; i < 2001; i++) steepest = Math.max(steepest, 2000 * Math.abs(z[i] - z[i - 1]));
      expect(Math.abs(atPoints / steepest - 1)).toBeLessThan(1e-3);
      expect(uncovered).toBe(0);
      expect(value).toBeLessThanOrEqual(atPoints);
      expect(Math.max(lower, atPoints)).toBeLessThanOrEqual(upper);
      demands.push(value);
    }
    // at the start nothing is fitted; what is demanded grows with the fit
    expect(demands[4]).toBeGreaterThan(demands[0] + 5);
  });
});
