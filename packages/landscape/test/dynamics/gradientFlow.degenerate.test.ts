import { mlp } from '@hyperribbon/nn';
import { describe, expect, test } from 'vitest';
import { gradientFlow } from '../../src/dynamics.js';
import { examples, network, params } from '../small.js';

const weights = Float64Array.from(params);
const loss = { kind: 'squared-error' } as const;

describe('A gradient flow that is interrupted', () => {
  const options = { time: 6, times: 13, loss, keepWeights: true, dtype: 'float64' } as const;

  test('goes on to the bits of one that was not', async () => {
    const whole = await gradientFlow(network, weights, examples, options);
    const controller = new AbortController();
    const heard: number[] = [];
    const first = await gradientFlow(network, weights, examples, {
      ...options,
      maxSteps: 5,
      signal: controller.signal,
      onProgress: ({ done }) => heard.push(done),
    });
    expect(heard.every((done) => done > 0 && done <= options.time)).toBe(true);
    expect(first.reason).toBe('max-steps');
    expect(first.message).toMatch(/Raise maxSteps/);
    expect(structuredClone(first.state)).toEqual(first.state);
    const second = await gradientFlow(network, weights, examples, { ...options, resume: structuredClone(first.state) });
    expect(second.state.weights).toEqual(whole.state.weights);
    expect([...first.moments, ...second.moments]).toEqual(whole.moments);
    expect(second.evidence).toEqual(whole.evidence);
    expect(second.steps).toBe(whole.steps);
  });

  test('returns what it reached when its signal is aborted', async () => {
    const controller = new AbortController();
    controller.abort();
    const flow = await gradientFlow(network, weights, examples, { ...options, signal: controller.signal });
    expect(flow.reason).toBe('aborted');
    expect(flow.moments.map(({ time }) => time)).toEqual([0]);
  });

  test('goes on with no other settings', async () => {
    const { state } = await gradientFlow(network, weights, examples, { ...options, maxSteps: 2 });
    await expect(gradientFlow(network, weights, examples, { ...options, safety: 0.5, resume: state })).rejects.toThrow(
      /resume must come from a flow of the same settings/,
    );
    await expect(
      gradientFlow(network, weights, examples, { ...options, time: 1e-9, times: [0], resume: state }),
    ).rejects.toThrow(/time must be at least that of resume/);
  });
});

describe('A gradient flow without ordinary curvature', () => {
  test('moves the last biases alone where all weights are zero', async () => {
    const flow = await gradientFlow(network, new Float64Array(network.size), examples, {
      time: 4,
      times: 3,
      loss,
      dtype: 'float64',
    });
    expect(flow.reason).toBe('reached-end');
    expect(flow.moments[2].loss).toBeLessThan(flow.moments[0].loss);
    expect(flow.state.weights.slice(0, network.size - 3).every((w) => w === 0)).toBe(true);
    expect(Math.abs(flow.moments[0].sharpness - 1)).toBeLessThan(1e-3);
  });

  test('of a dead network does the same', async () => {
    const relu = mlp([5, 4, 3], { activation: 'relu' });
    const dead = relu.init(1, 'float64') as Float64Array;
    dead.fill(-100, 20, 24);
    const flow = await gradientFlow(relu, dead, examples, { time: 2, times: 2, loss, dtype: 'float64' });
    expect(flow.state.weights.slice(0, relu.size - 3)).toEqual(dead.slice(0, relu.size - 3));
    expect(flow.moments[1].loss).toBeLessThan(flow.moments[0].loss);
  });

  test('of one example reaches it', async () => {
    const one = { ...examples, inputs: examples.inputs.slice(0, 5), labels: examples.labels.slice(0, 1), count: 1 };
    const flow = await gradientFlow(network, weights, one, { time: 20, times: 2, loss });
    expect(flow.moments[1].loss).toBeLessThan(1e-6);
  });

  test('of one class under cross-entropy goes on without end, and is told so far', async () => {
    const same = { ...examples, labels: new Int32Array(examples.count) };
    const flow = await gradientFlow(network, weights, same, { time: 50, times: 3 });
    expect(flow.moments[2].loss).toBeLessThan(flow.moments[1].loss);
    expect(flow.reason).toBe('reached-end');
  });

  test('ends with a reason where numbers overflow', async () => {
    const big = { ...examples, inputs: examples.inputs.map((x) => x * 1e30) };
    const wide = mlp([5, 3]);
    const huge = wide.init(1, 'float64').map((w) => 1e15 * w) as Float64Array;
    const flow = await gradientFlow(wide, huge, big, { time: 1, times: 2, loss });
    expect(flow.reason).toBe('not-finite');
  });

  test('refuses what does not fit, by name', async () => {
    const asked = (options: object) => gradientFlow(network, weights, examples, { time: 1, ...options });
    await expect(asked({ time: -1 })).rejects.toThrow(/gradientFlow: time must be finite and > 0, got time=-1/);
    await expect(asked({ times: [0.5, 0.2] })).rejects.toThrow(/times must ascend, got 0.5 before 0.2/);
    await expect(asked({ times: [2] })).rejects.toThrow(/times must lie in \[0, time = 1\], got 2/);
    await expect(asked({ speed: 1 })).rejects.toThrow(/speed/);
    await expect(gradientFlow(network, weights.slice(1), examples, { time: 1 })).rejects.toThrow(
      /weights must hold the 39/,
    );
    await expect(
      gradientFlow(
        network,
        weights.map(() => NaN),
        examples,
        { time: 1 },
      ),
    ).rejects.toThrow(/weights must be finite/);
  });
});
