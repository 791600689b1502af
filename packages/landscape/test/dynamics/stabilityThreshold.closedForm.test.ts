import {
  adam,
  adamW,
  createUpdate,
  momentum,
  muon,
  type Optimizer,
  rmsProp,
  sam,
  sgd,
  signDescent,
} from '@hyperribbon/nn';
import { describe, expect, test } from 'vitest';
import { preconditioner, stabilityThreshold } from '../../src/dynamics.js';

const eta = 0.05;

/**
 * Whether the optimiser of nn itself, on ½ h w², ends nearer to 0 than it was. The memory of squares is held at `square`, beside which
 * those of so small gradients are nothing: a rule that divides by its root is then linear.
 */
function shrinks(optimizer: Optimizer, h: number, square: number): boolean {
  const w = Float64Array.of(1e-60);
  const update = createUpdate(optimizer, w);
  const squares = { adam: 1, adamW: 1, rmsProp: 0 }[optimizer.kind as string];
  // what a step makes of it is `square` again
  const kept = 'smoothing' in optimizer ? optimizer.smoothing : 'beta2' in optimizer ? optimizer.beta2 : 1;
  if (squares !== undefined) update.slots[squares][0] = square / kept;
  // the corrections for the start are over
  update.updates = 1e9;
  const size = (): number => Math.hypot(w[0], ...update.slots.filter((_, i) => i !== squares).map((slot) => slot[0]));
  let middle = 0;
  for (let step = 0; step < 20_000; step++) {
    if (step === 10_000) middle = size();
    if (size() > 1e-20) return false;
    if (size() < 1e-100) return true;
    update.apply(w, Float64Array.of(h * w[0]), eta);
    if (squares !== undefined) update.slots[squares][0] = square / kept;
  }
  return size() < middle;
}

/** The largest h at which it shrinks, by bisection. */
function edge(optimizer: Optimizer, from: number, to: number, square: number): number {
  let [low, high] = [from, to];
  while (high - low > 2e-5 * high) {
    const h = (low + high) / 2;
    if (shrinks(optimizer, h, square)) low = h;
    else high = h;
  }
  return (low + high) / 2;
}

const rules: readonly (readonly [string, Optimizer])[] = [
  ['gradient descent', sgd()],
  ['gradient descent with weight decay', sgd({ weightDecay: 3 })],
  ['heavy ball', momentum(0.9)],
  ['heavy ball, β = 0.5, with weight decay', momentum(0.5, { weightDecay: 2 })],
  ['Nesterov momentum', momentum(0.9, { nesterov: true })],
  ['Nesterov momentum, β = 0.3', momentum(0.3, { nesterov: true })],
  ['RMSProp', rmsProp()],
  ['RMSProp with momentum', rmsProp({ momentum: 0.8 })],
  ['Adam', adam()],
  ['Adam, β₁ = 0.5', adam({ beta1: 0.5 })],
  ['AdamW without decay', adamW({ weightDecay: 0 })],
  ['AdamW', adamW({ weightDecay: 5 })],
];

describe('On a quadratic the optimisers of nn turn from shrinking to growing at the threshold', () => {
  test.each(rules)('%s', (_, optimizer) => {
    const found = stabilityThreshold(optimizer, eta);
    if (!('value' in found)) throw new Error(found.why);
    const square = 0.04;
    // h over P is what is compared
    const P = found.of === 'hessian' ? 1 : 0.2 + 1e-8;
    const measured = edge(optimizer, found.value * P * 0.5, found.value * P * 2, square) / P;
    expect(Math.abs(measured / found.value - 1)).toBeLessThan(1e-4);
  });
});

test('The formulas of β₁ = 0.9 and β = 0.9 have their numbers', () => {
  expect(stabilityThreshold(adam(), 1e-3)).toMatchObject({ formula: '38/η', of: 'preconditioned-hessian' });
  expect((stabilityThreshold(adam(), 1e-3) as { value: number }).value).toBeCloseTo(38_000, 6);
  expect((stabilityThreshold(momentum(0.9), 0.01) as { value: number }).value).toBeCloseTo(380, 10);
  expect((stabilityThreshold(momentum(0.9, { nesterov: true }), 1) as { value: number }).value).toBeCloseTo(3.8 / 2.8);
});

describe('Sharpness-aware descent', () => {
  test('is on its edge where S(1 + ρS/‖∇L‖) is 2/η, below that of gradient descent', () => {
    for (const gradientNorm of [1e-6, 0.3, 1e6]) {
      const found = stabilityThreshold(sgd(), eta, { ascent: sam(0.1), gradientNorm });
      if (!('value' in found)) throw new Error(found.why);
      const S = found.value;
      expect(Math.abs((S * (1 + (0.1 * S) / gradientNorm) * eta) / 2 - 1)).toBeLessThan(1e-12);
      expect(S).toBeLessThan(2 / eta);
    }
  });

  test('has none without the norm of the gradient, at a critical point, and with other rules', () => {
    const why = (optimizer: Optimizer, gradientNorm?: number): unknown =>
      stabilityThreshold(optimizer, eta, { ascent: sam(0.1), ...(gradientNorm !== undefined && { gradientNorm }) });
    expect(why(sgd())).toMatchObject({ why: expect.stringMatching(/give gradientNorm/) });
    expect(why(sgd(), 0)).toMatchObject({ why: expect.stringMatching(/critical point/) });
    expect(why(adam(), 1)).toMatchObject({ why: expect.stringMatching(/not for adam/) });
  });
});

describe('A rule without a threshold', () => {
  test.each<[Optimizer, RegExp]>([
    [adam({ weightDecay: 0.1 }), /adamW decays apart/],
    [sgd({ weightDecay: 50 }), /decay alone is unstable/],
    [adamW({ weightDecay: 50 }), /decay alone is unstable/],
    [signDescent(0.9), /with momentum/],
    [muon(), /with momentum/],
    [signDescent(), /give dualNorm/],
  ])('says why: %o', (optimizer, reason) => {
    expect(stabilityThreshold(optimizer, eta)).toEqual({ why: expect.stringMatching(reason) });
  });

  test('is another matter than a learning rate that is none', () => {
    expect(() => stabilityThreshold(sgd(), 0)).toThrow('stabilityThreshold: learningRate must be');
    expect(() => stabilityThreshold(sgd(), NaN)).toThrow('learningRate');
  });
});

test('P is the root of the corrected mean of squares plus ε', () => {
  const weights = Float64Array.of(1, 1);
  const optimizer = adam();
  const update = createUpdate(optimizer, weights);
  expect(preconditioner(optimizer, update)).toBeUndefined();
  // squares 4 and 9 in every step: v̂ is them, however many steps there were
  for (let step = 0; step < 7; step++) update.apply(weights, Float64Array.of(2, -3), eta);
  const P = preconditioner(optimizer, update)!;
  [2, 3].forEach((root, i) => expect(Math.abs(P[i] - root - 1e-8)).toBeLessThan(1e-12));
  expect(preconditioner(sgd(), { slots: [], updates: 3 })).toBeUndefined();
});
