import { adam, adamW, mlp, momentum, muon, rmsProp, sgd, signDescent } from '@hyperribbon/nn';
import { describe, expect, test } from 'vitest';
import { centralFlow } from '../../src/dynamics.js';
import { examples, network, params } from '../small.js';
import { loss, network as deeper, overlapping } from './descents.js';

const weights = Float64Array.from(params);
const base = { learningRate: 0.1, steps: 6, at: [0, 6], loss, dtype: 'float64' } as const;
type Options = Parameters<typeof centralFlow>[3];
const asked = (options: object) => centralFlow(network, weights, examples, { ...base, ...options } as Options);

describe('A central flow that is interrupted', () => {
  test('goes on to the bits of one that was not, with eigenvalues at the edge', async () => {
    const start = deeper.init(2, 'float64') as Float64Array;
    const points = overlapping(2);
    const options = {
      learningRate: 0.4,
      steps: 190,
      at: [170, 180, 190],
      loss,
      dtype: 'float64',
      substeps: 2,
    } as const;
    const first = await centralFlow(deeper, start, points, { ...options, steps: 180, at: [170, 180] });
    expect(structuredClone(first.state)).toEqual(first.state);
    const second = await centralFlow(deeper, start, points, { ...options, resume: structuredClone(first.state) });
    const whole = await centralFlow(deeper, start, points, options);
    expect(second.state.weights).toEqual(whole.state.weights);
    expect([...first.moments, ...second.moments]).toEqual(whole.moments);
    expect(whole.thirds).toBeGreaterThan(0);
  });

  test('returns what it reached when its signal is aborted, and goes on with no other settings', async () => {
    const controller = new AbortController();
    controller.abort();
    const flow = await asked({ signal: controller.signal });
    expect([flow.reason, flow.moments.length]).toEqual(['aborted', 0]);
    expect(flow.message).toMatch(/resume/);
    await expect(asked({ resume: flow.state, substeps: 2 })).rejects.toThrow(
      /resume must come from a flow of the same/,
    );
  });
});

describe('Rates and rules without a central flow', () => {
  test('a rate above the edge at the start is refused with the largest that is not', async () => {
    const { moments } = await asked({});
    const most = 2 / moments[0].sharpness;
    const error = await asked({ learningRate: 1.5 * most }).catch((reason: unknown) => String(reason));
    expect(error).toMatch(/centralFlow: learningRate must keep the largest eigenvalue of ηP⁻¹H near or below 2/);
    expect(error).toContain(`Take a learning rate below ${most.toPrecision(2)}`);
    expect((await asked({ learningRate: 0.99 * most })).reason).toBe('reached-end');
  });

  test.each([
    ['heavy ball', momentum(0.9), /velocity lags .*\(2 \+ 2β\)\/η/],
    ['Adam', adam(), /first moment lags .*38\/η/],
    ['AdamW', adamW({ weightDecay: 0 }), /first moment lags/],
    ['sign descent', signDescent(), /steps have one length/],
    ['Muon', muon(), /steps have one length/],
    ['RMSProp with momentum', rmsProp({ momentum: 0.5 }), /velocity lags/],
    ['RMSProp that is centred', rmsProp({ centered: true }), /means of gradients/],
    ['decay', sgd({ weightDecay: 0.1 }), /without weight decay.*add ½λ‖w‖²/],
    [
      'RMSProp without a memory',
      { kind: 'scalarRmsProp', smoothing: 0, epsilon: 0 },
      /rule.smoothing must be in \(0, 1\)/,
    ],
    ['no rule', { kind: 'newton' }, /rule must be gradient descent, RMSProp or scalar RMSProp/],
  ])('%s is refused with the reason', async (_name, rule, reason) => {
    await expect(asked({ rule })).rejects.toThrow(reason);
  });

  test('arguments that do not fit are refused by name', async () => {
    await expect(asked({ learningRate: -1 })).rejects.toThrow(/learningRate must be finite and > 0/);
    await expect(asked({ at: [3, 2] })).rejects.toThrow(/at must ascend/);
    await expect(asked({ at: [7] })).rejects.toThrow(/at\[0\]/);
    await expect(asked({ at: [] })).rejects.toThrow(/at must name steps/);
    await expect(asked({ substeps: 0 })).rejects.toThrow(/substeps/);
    await expect(asked({ squares: weights })).rejects.toThrow(/squares must be left out/);
    await expect(asked({ rule: rmsProp(), squares: weights.slice(1) })).rejects.toThrow(
      /squares must have length 39, got 38/,
    );
    await expect(asked({ rule: rmsProp(), squares: weights.map(() => -1) })).rejects.toThrow(/squares must be ≥ 0/);
    await expect(asked({ pace: 2 })).rejects.toThrow(/pace/);
    const broken = weights.map(() => NaN);
    await expect(centralFlow(network, broken, examples, base)).rejects.toThrow(/weights must be finite/);
  });
});

describe('A central flow without ordinary curvature', () => {
  test('of zero weights and of a dead network moves the last biases alone', async () => {
    const zero = await centralFlow(network, new Float64Array(network.size), examples, base);
    expect(zero.reason).toBe('reached-end');
    expect(zero.state.weights.slice(0, network.size - 3).every((w) => w === 0)).toBe(true);
    expect(zero.moments[1].loss).toBeLessThan(zero.moments[0].loss);
    const relu = mlp([5, 4, 3], { activation: 'relu' });
    const dead = relu.init(1, 'float64') as Float64Array;
    dead.fill(-100, 20, 24);
    const still = await centralFlow(relu, dead, examples, { ...base, rule: rmsProp(), learningRate: 1e-3 });
    expect(still.reason).toBe('reached-end');
    expect(still.state.weights.slice(0, relu.size - 3)).toEqual(dead.slice(0, relu.size - 3));
  });

  test('of one class under cross-entropy, which has no minimum, goes on with nothing at the edge', async () => {
    const same = { ...examples, labels: new Int32Array(examples.count) };
    const flow = await centralFlow(network, weights, same, { learningRate: 0.5, steps: 40, at: 3 });
    expect([flow.reason, ...flow.moments.map(({ critical }) => critical)]).toEqual(['reached-end', 0, 0, 0]);
    expect(flow.moments[2].sharpness).toBeLessThan(flow.moments[0].sharpness);
  });

  test('more eigenvalues at the edge than it may hold are counted', async () => {
    // one layer on white inputs: all 18 eigenvalues are 1, or nearly
    const affine = mlp([2, 3]);
    const corners = Float64Array.of(1, 1, 1, -1, -1, 1, -1, -1);
    const square = { inputs: corners, labels: Int32Array.of(0, 1, 2, 0), count: 4, features: 2, classes: 3 };
    const start = affine.init(1, 'float64') as Float64Array;
    const few = await centralFlow(affine, start, square, {
      ...base,
      learningRate: 1.96,
      steps: 2,
      at: [0],
      mostCritical: 3,
    });
    expect([few.crowded, few.moments[0].critical]).toEqual([1, 3]);
    const all = await centralFlow(affine, start, square, { ...base, learningRate: 1.96, steps: 2, at: [0, 2] });
    expect([all.crowded, all.moments[0].critical, all.moments[0].variance]).toEqual([0, 9, 0]);
  });

  test('ends with a reason where numbers overflow', async () => {
    const big = { ...examples, inputs: examples.inputs.map((x) => x * 1e30) };
    const wide = mlp([5, 3]);
    const huge = wide.init(1, 'float64').map((w) => 1e15 * w) as Float64Array;
    const flow = await centralFlow(wide, huge, big, { ...base, dtype: 'float32' });
    expect([flow.reason, flow.moments.length]).toEqual(['not-finite', 0]);
  });
});
