import { mul, square, sum, type Tensor } from '@hyperribbon/autodiff';
import {
  type AnyExamples,
  asam,
  type AugmentMoment,
  checkpointFromJson,
  checkpointToJson,
  constantSchedule,
  defineNetwork,
  evaluate,
  momentum,
  sam,
  sgd,
  type SharpnessAware,
  signDescent,
  train,
  type TrainOptions,
} from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { planAscent } from '../../src/training/sharpnessAware.js';
import { blobs } from '../blobs.js';
import { normalized } from './trainingNetworks.js';

const net = normalized(5, 3, { dropout: 0.4 });
const examples = blobs(53, 5, 3);
const options: TrainOptions = { epochs: 3, batchSize: 16, seed: 4, deterministic: true, optimizer: momentum(0.9) };
const one = [{ name: 'w', shape: [2] }];

/** w + ε from weights and gradient. */
function ascended(rule: SharpnessAware, w: number[], g: number[], parameters = one): number[] {
  const out = new Float64Array(w.length);
  planAscent(rule, parameters, w.length)(Float64Array.from(w), Float64Array.from(g), out);
  return Array.from(out);
}

describe('the ascent of a step', () => {
  it('is ρ g/‖g‖, at any scale of the gradient, and nothing where that is zero', () => {
    for (const scale of [1, 1e-150, 1e150, 1e-300, 2 ** -1040]) {
      const [x, y] = ascended(sam(0.5), [1, 2], [3 * scale, -4 * scale]);
      expect(Math.abs(x - 1.3)).toBeLessThan(1e-12);
      expect(Math.abs(y - 1.6)).toBeLessThan(1e-12);
    }
    expect(ascended(sam(0.5), [1, 2], [0, 0])).toEqual([1, 2]);
    expect(ascended(asam({ scaled: 'all' }), [0, 0], [3, 4])).toEqual([0, 0]);
  });

  it('of asam stretches arrays called weight or of two dimensions by |w| + η₀, or all by |w|', () => {
    const parameters = [
      { name: 'bn.weight', shape: [1] },
      { name: 'W', shape: [1, 1] },
      { name: 'bias', shape: [1] },
    ];
    const [w, g] = [
      [2, -3, 5],
      [1, 2, -7],
    ];
    const found = (rule: SharpnessAware): number[] => ascended(rule, w, g, parameters);
    const expected = (T: number[]): number[] => {
      const norm = Math.sqrt(T.reduce((total, t, i) => total + (t * g[i]) ** 2, 0));
      return T.map((t, i) => w[i] + (0.5 * t * t * g[i]) / norm);
    };
    const near = (a: number[], b: number[]): number => Math.max(...a.map((x, i) => Math.abs(x - b[i])));
    expect(near(found(asam()), expected([2.01, 3.01, 1]))).toBeLessThan(1e-14);
    expect(near(found(asam({ scaled: 'all' })), expected([2, 3, 5]))).toBeLessThan(1e-14);
    expect(near(found(asam({ scaled: 'all', eta: 0.25 })), expected([2.25, 3.25, 5.25]))).toBeLessThan(1e-14);
    expect(near(found(asam()), expected([2.01, 3.01, 5.01]))).toBeGreaterThan(1e-2);
  });

  it('of asam with η₀ = 0 commutes with a rescaling of two layers; that of sam does not', () => {
    // f = a b x: (a, b) → (α a, b/α) keeps f and takes slopes (s, t) to (s/α, α t)
    const parameters = [
      { name: 'a', shape: [1, 1] },
      { name: 'b', shape: [1, 1] },
    ];
    const [alpha, w, g] = [10, [0.7, -1.3], [0.4, 2.2]];
    const products = (rule: SharpnessAware): number[] =>
      [1, alpha].map((c) => {
        const [a, b] = ascended(rule, [c * w[0], w[1] / c], [g[0] / c, c * g[1]], parameters);
        return a * b;
      });
    const [here, there] = products(asam({ scaled: 'all' }));
    expect(Math.abs(here - there)).toBeLessThan(1e-14);
    for (const rule of [sam(0.5), asam()]) {
      const [before, after] = products(rule);
      expect(Math.abs(before - after)).toBeGreaterThan(1e-3);
    }
  });
});

/** ½ Σ hᵢ wᵢ²: logits w, targets h. */
const curvatures = Float64Array.of(0.5, 2);
const bowl = defineNetwork({
  inputs: 2,
  classes: 2,
  parameters: [{ name: 'w', shape: [2], start: 0 }],
  apply: ({ w }, x) => mul(x, w),
});
const bowlExamples = { inputs: Float64Array.of(1, 1), targets: curvatures, count: 1, features: 2, outputs: 2 };
const bowlOptions: TrainOptions = {
  batchSize: 1,
  dtype: 'float64',
  deterministic: true,
  optimizer: sgd(),
  loss: (z: Tensor, h: Tensor) => mul(0.5, sum(mul(h, square(z)), 1)),
};

describe('on a quadratic', () => {
  const after = async (epochs: number, more: TrainOptions): Promise<number[]> =>
    Array.from((await train(bowl, bowlExamples, { ...bowlOptions, epochs, ...more })).params);

  it('a step of sam is w − η H (w + ρ Hw/‖Hw‖)', async () => {
    let w = [1.5, -0.25];
    const initial = Float64Array.from(w);
    for (let step = 0; step < 12; step++) {
      const g = w.map((x, i) => curvatures[i] * x);
      const norm = Math.sqrt(g[0] * g[0] + g[1] * g[1]);
      w = w.map((x, i) => x - 0.3 * curvatures[i] * (x + (0.1 * g[i]) / norm));
    }
    const found = await after(12, { initial, schedule: constantSchedule(0.3), sharpnessAware: sam(0.1) });
    found.forEach((x, i) => expect(Math.abs(x - w[i])).toBeLessThan(1e-13));
  });

  it('sign descent goes η a step along each axis, and stays where the slope is zero', async () => {
    const initial = Float64Array.of(1, 0);
    const same = { initial, schedule: constantSchedule(0.25), optimizer: signDescent() };
    expect(await after(3, same)).toEqual([0.25, 0]);
    // at the minimum: sign(0) = 0
    expect(await after(9, same)).toEqual([0, 0]);
    expect(await after(8, { ...same, initial: Float64Array.of(0.125, -0) })).toEqual([0.125, -0]);
  });

  it('a norm bias holds ‖w‖² at its target where the loss is flat', async () => {
    const flat = { ...bowlExamples, targets: Float64Array.of(0, 0) };
    for (const start of [0.2, 3]) {
      const run = await train(bowl, flat, {
        ...bowlOptions,
        epochs: 400,
        initial: Float64Array.of(start, start),
        schedule: constantSchedule(0.1),
        normBias: { target: 2, strength: 0.05 },
      });
      const squares = run.params[0] ** 2 + run.params[1] ** 2;
      expect(Math.abs(squares - 2)).toBeLessThan(0.03);
    }
    // equal: nothing pulls
    const initial = Float64Array.of(1, 1);
    const still = await train(bowl, flat, { ...bowlOptions, initial, normBias: { target: 2, strength: 0.05 } });
    expect(still.params).toEqual(initial);
  });
});

describe('a run of sharpness-aware steps', () => {
  it.each([
    ['sam', { sharpnessAware: sam(0.1) }],
    ['asam in micro-batches', { sharpnessAware: asam(), microBatch: 6 }],
    ['signum and a norm bias', { optimizer: signDescent(0.9), normBias: { target: 9, strength: 0.1 } }],
  ] as const)('of %s that stops anywhere and resumes has the bits of one that did not', async (_, more) => {
    const whole = await train(net, examples, { ...options, ...more });
    expect(whole.finished).toBe(true);
    for (const stop of [1, 6, 11]) {
      const controller = new AbortController();
      const hooks = [{ onStep: ({ steps }: { steps: number }) => (steps === stop ? controller.abort() : undefined) }];
      const first = await train(net, examples, { ...options, ...more, hooks, signal: controller.signal });
      expect(first.steps).toBe(stop);
      const resume = checkpointFromJson(checkpointToJson(first.checkpoint));
      const resumed = await train(net, examples, { ...options, ...more, resume });
      expect([resumed.params, resumed.buffers, resumed.history]).toEqual([whole.params, whole.buffers, whole.history]);
    }
  });

  it('keeps buffers, loss and draws of the pass at w', async () => {
    const first: TrainOptions = { ...options, epochs: 1, batchSize: 53 };
    const plain = await train(net, examples, first);
    const aware = await train(net, examples, { ...first, sharpnessAware: sam(0.5) });
    expect(aware.buffers).toEqual(plain.buffers);
    expect(aware.history[0].loss).toBe(plain.history[0].loss);
    expect(aware.params).not.toEqual(plain.params);
    // a radius so small that w + ε rounds to w: with other draws in the second pass it would differ
    const still = await train(net, examples, { ...first, sharpnessAware: sam(1e-30) });
    expect(still.params).toEqual(plain.params);
  });

  it('ends where the gradient at w + ε is not finite', async () => {
    const run = await train(net, examples, { ...options, sharpnessAware: sam(1e38) });
    expect([run.reason, run.steps]).toEqual(['non-finite-loss', 0]);
    expect(run.params).toEqual(run.initial);
  });

  it('refuses what is no rule', async () => {
    expect(() => sam(0)).toThrow('sam: rho must be');
    expect(() => asam({ eta: -1 })).toThrow('asam: eta must be');
    expect(() => asam({ scaled: 'some' } as never)).toThrow('asam: scaled must be');
    expect(() => signDescent(1)).toThrow('signDescent: momentum must be in [0, 1), got momentum=1');
    await expect(train(net, examples, { sharpnessAware: { kind: 'sum' } as never })).rejects.toThrow(
      'train: sharpnessAware.kind must be',
    );
    await expect(train(net, examples, { normBias: { target: -1, strength: 1 } })).rejects.toThrow(
      'train: normBias.target must be',
    );
    await expect(train(net, examples, { normBias: { target: 1, strength: 1, mu: 1 } as never })).rejects.toThrow('mu');
  });
});

describe('an augmentation', () => {
  it('sees the weights and the evaluated network before its step', async () => {
    const seen: Float32Array[] = [];
    const losses: Promise<number>[] = [];
    const augment = (batch: AnyExamples, at: AugmentMoment): AnyExamples => {
      if (at.step === seen.length) {
        seen.push(at.weights.slice() as Float32Array);
        losses.push(evaluate(at.network(), at.weights.slice(), examples).then(({ loss }) => loss));
      }
      return batch;
    };
    const at: { weights: Float32Array; loss: Promise<number> }[] = [];
    const run = await train(net, examples, {
      ...options,
      augment,
      sharpnessAware: sam(0.1),
      hooks: [
        {
          onStep({ weights, network }) {
            const now = weights.slice() as Float32Array;
            at.push({ weights: now, loss: evaluate(network(), now, examples).then(({ loss }) => loss) });
          },
        },
      ],
    });
    expect(seen).toHaveLength(12);
    expect(seen).toEqual(at.slice(0, 12).map(({ weights }) => weights));
    expect(await Promise.all(losses)).toEqual(await Promise.all(at.slice(0, 12).map(({ loss }) => loss)));
    // one that changes nothing changes no bit
    expect(run.params).toEqual((await train(net, examples, { ...options, sharpnessAware: sam(0.1) })).params);
  });

  it('that moves inputs along weights resumes with the same bits', async () => {
    const augment = (batch: AnyExamples, { weights, step }: AugmentMoment): AnyExamples => {
      for (let i = 0; i < batch.inputs.length; i++) batch.inputs[i] += 0.1 * weights[(i + step) % 5];
      return batch;
    };
    const whole = await train(net, examples, { ...options, augment });
    const controller = new AbortController();
    const hooks = [{ onStep: ({ steps }: { steps: number }) => (steps === 5 ? controller.abort() : undefined) }];
    const first = await train(net, examples, { ...options, augment, hooks, signal: controller.signal });
    const resumed = await train(net, examples, { ...options, augment, resume: first.checkpoint });
    expect(resumed.params).toEqual(whole.params);
    expect(whole.params).not.toEqual((await train(net, examples, options)).params);
  });
});
