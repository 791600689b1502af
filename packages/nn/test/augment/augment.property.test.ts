import type { Examples, TargetExamples } from '@hyperribbon/contract';
import { augmentations, cropAndFlip, mixup, mlp, smoothLabels, train } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

const image = [2, 3, 4] as const;
const features = 24;
const count = 40;
const fresh = (): Examples => ({
  inputs: Float64Array.from({ length: count * features }, (_, i) => i + 1),
  labels: Int32Array.from({ length: count }, (_, i) => i % 3),
  count,
  features,
  shape: image,
  classes: 3,
});
const at = (step: number, seed = 1) => ({ seed, step, epoch: 0, batch: 0 });

/** pixel (c, r, s) of an image, zero outside */
const pixel = (row: Float64Array, c: number, r: number, s: number): number =>
  r < 0 || r >= image[1] || s < 0 || s >= image[2] ? 0 : row[(c * image[1] + r) * image[2] + s];

describe('cropAndFlip', () => {
  const moved = cropAndFlip({ padding: 1 })(fresh(), at(3)) as Examples;
  const before = fresh().inputs as Float64Array;

  /** which of the moves an image may have made it did make */
  const movesOf = (i: number): string[] => {
    const [own, out] = [before, moved.inputs as Float64Array].map((a) => a.subarray(i * features, (i + 1) * features));
    const found: string[] = [];
    for (const down of [-1, 0, 1])
      for (const across of [-1, 0, 1])
        for (const turned of [false, true]) {
          const same = Array.from(out).every((value, k) => {
            const [c, r, s] = [Math.floor(k / 12), Math.floor(k / 4) % 3, k % 4];
            return value === pixel(own, c, r + down, (turned ? image[2] - 1 - s : s) + across);
          });
          if (same) found.push(`${down} ${across} ${turned}`);
        }
    return found;
  };

  it('moves each image by at most the padding, all channels alike, turned or not, with zeros where it came from', () => {
    const moves = Array.from({ length: count }, (_, i) => movesOf(i));
    for (const found of moves) expect(found).toHaveLength(1);
    // 18 moves, 40 images: a law that left some out would show
    expect(new Set(moves.flat()).size).toBeGreaterThan(12);
    expect(moves.flat().filter((move) => move.endsWith('true')).length).toBeGreaterThan(8);
  });

  it('is a function of seed and step', () => {
    expect((cropAndFlip({ padding: 1 })(fresh(), at(3)) as Examples).inputs).toEqual(moved.inputs);
    expect((cropAndFlip({ padding: 1 })(fresh(), at(4)) as Examples).inputs).not.toEqual(moved.inputs);
    expect((cropAndFlip({ padding: 1 })(fresh(), at(3, 2)) as Examples).inputs).not.toEqual(moved.inputs);
  });

  it('without padding and turning does nothing; padding above the size leaves zeros at worst', () => {
    expect(cropAndFlip({ padding: 0, flip: false })(fresh(), at(0)).inputs).toEqual(before);
    expect(cropAndFlip({ padding: 9 })(fresh(), at(0)).inputs.every((x) => x >= 0)).toBe(true);
  });

  it('takes images only', () => {
    const { shape: _shape, ...plain } = fresh();
    expect(() => cropAndFlip()(plain, at(0))).toThrow(
      'cropAndFlip: examples of 24 features must be images: say image [channels, height, width], got none',
    );
    expect(cropAndFlip({ image: [1, 4, 6] })(plain, at(0)).count).toBe(count);
    expect(() => cropAndFlip({ image: [1, 5, 6] })(plain, at(0))).toThrow('got [1, 5, 6]');
    expect(() => cropAndFlip({ padding: -1 })).toThrow('padding must be');
  });
});

describe('smoothLabels', () => {
  it('gives (1 − s) e_y + s/K, and keeps what targets sum up to', () => {
    const soft = smoothLabels(0.3)(fresh(), at(0)) as TargetExamples;
    expect(soft.outputs).toBe(3);
    expect(Array.from(soft.targets.subarray(0, 6), (t) => Math.round(1e9 * t) / 1e9)).toEqual([
      0.8, 0.1, 0.1, 0.1, 0.8, 0.1,
    ]);
    const twice = smoothLabels(0.5)(soft, at(0)) as TargetExamples;
    expect(twice.targets[0]).toBeCloseTo(0.4 + 1 / 6, 12);
    expect(soft.targets[0]).toBeCloseTo(0.8, 12);
    expect(() => smoothLabels(1.5)).toThrow('smoothing must be in [0, 1]');
  });
});

describe('mixup', () => {
  it('mixes inputs and targets of two examples by one share', () => {
    const mixed = mixup({ alpha: 0.7 })(fresh(), at(5)) as TargetExamples;
    const { labels } = fresh();
    const shares = new Set<number>();
    for (let i = 0; i < count; i++) {
      // inputs are 24 i + j + 1: λ i + (1 − λ) partner is what an image begins with
      const mean = (mixed.inputs[i * features] - 1) / features;
      for (let j = 0; j < features; j++)
        expect(mixed.inputs[i * features + j] - mixed.inputs[i * features]).toBeCloseTo(j, 9);
      const own = Float64Array.from(mixed.targets.subarray(3 * i, 3 * i + 3));
      expect(own.reduce((sum, t) => sum + t, 0)).toBeCloseTo(1, 12);
      if (own[labels[i]] < 1 - 1e-12) {
        shares.add(Math.round(1e9 * own[labels[i]]));
        const partner = (mean - own[labels[i]] * i) / (1 - own[labels[i]]);
        expect(Math.abs(partner - Math.round(partner))).toBeLessThan(1e-6);
        expect(own[labels[Math.round(partner)]]).toBeCloseTo(1 - own[labels[i]], 9);
      }
    }
    expect(shares.size).toBe(1);
  });

  it('draws its share from Beta(α, α): mean ½, variance 1/(4(2α + 1))', () => {
    for (const alpha of [0.05, 0.4, 1, 3]) {
      const draws = Array.from({ length: 4000 }, (_, step) => {
        const two = { inputs: Float64Array.of(0, 1), labels: Int32Array.of(0, 1), count: 2, features: 1, classes: 2 };
        const { inputs } = mixup({ alpha })(two, at(step));
        return [inputs[0], inputs[1]];
      }).filter(([a, b]) => !(a === 0 && b === 1));
      // of two examples half the orders are swaps, and λ is then at the second place
      const lambdas = draws.map(([, b]) => b);
      const mean = lambdas.reduce((sum, x) => sum + x, 0) / lambdas.length;
      const variance = lambdas.reduce((sum, x) => sum + (x - mean) ** 2, 0) / lambdas.length;
      const expected = 1 / (4 * (2 * alpha + 1));
      expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(expected / lambdas.length));
      expect(Math.abs(variance / expected - 1)).toBeLessThan(0.09);
      expect(lambdas.every((x) => x >= 0 && x <= 1)).toBe(true);
    }
  });

  it('refuses what has no mixture', () => {
    expect(() => mixup({ alpha: 0 })).toThrow('alpha must be');
    expect(() => mixup()({ ...fresh(), weights: new Float64Array(count).fill(1) }, at(0))).toThrow(
      'must not have weights',
    );
    expect(() => smoothLabels(0.1)({ ...fresh(), classes: 1 }, at(0))).toThrow(
      'at least 2 classes apart, got classes=1',
    );
  });
});

it('training takes them together, resumes with the same bits, and counts mistakes by the labels', async () => {
  const net = mlp([features, 5, 3]);
  const augment = augmentations(cropAndFlip({ padding: 1 }), mixup({ alpha: 0.3 }), smoothLabels(0.1));
  const scaled = { ...fresh(), inputs: fresh().inputs.map((x) => x / 1000) };
  const options = { augment, batchSize: 16, seed: 4, dtype: 'float64', deterministic: true } as const;
  const whole = await train(net, scaled, { ...options, epochs: 3 });
  expect(whole.history[0].error).toBeGreaterThan(0);
  const stop = new AbortController();
  const half = await train(net, scaled, {
    ...options,
    epochs: 3,
    signal: stop.signal,
    hooks: [{ onStep: ({ steps }) => void (steps === 4 && stop.abort()) }],
  });
  expect([half.reason, half.steps]).toEqual(['aborted', 4]);
  const rest = await train(net, scaled, { ...options, epochs: 3, resume: half.checkpoint });
  expect(rest.params).toEqual(whole.params);
});
