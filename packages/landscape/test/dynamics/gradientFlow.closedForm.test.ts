import { mlp, type TargetExamples } from '@hyperribbon/nn';
import { describe, expect, test } from 'vitest';
import { gradientFlow, stabilityLimit } from '../../src/dynamics.js';

// one layer, inputs ±1: the loss is ½(a − 2)² + ½(b − 3)², whose Hessian is the identity
const network = mlp([1, 1]);
const examples: TargetExamples = {
  inputs: Float64Array.of(1, -1),
  targets: Float64Array.of(5, 1),
  count: 2,
  features: 1,
  outputs: 1,
};
const start = Float64Array.of(-1, 0.5);
const loss = { kind: 'squared-error' } as const;
const dtype = 'float64';

/** what one step makes of the distance to the minimum */
const amplification = (h: number): number => 1 - h + h ** 2 / 2 - h ** 3 / 6 + h ** 4 / 24;

describe('Gradient flow of a quadratic', () => {
  test('is e^(−t) to the target', async () => {
    const flow = await gradientFlow(network, start, examples, {
      time: 3,
      times: [0, 1, 3],
      mostStep: 1e-3,
      keepWeights: true,
      loss,
      dtype,
    });
    expect(flow.moments.map(({ time }) => time)).toEqual([0, 1, 3]);
    flow.weights!.forEach((w, i) => {
      const rest = Math.exp(-flow.moments[i].time);
      expect(Math.abs(w[0] - (2 - 3 * rest))).toBeLessThan(1e-12);
      expect(Math.abs(w[1] - (3 - 2.5 * rest))).toBeLessThan(1e-12);
      expect(Math.abs(flow.moments[i].loss - ((9 + 6.25) / 2) * rest ** 2)).toBeLessThan(1e-11);
    });
  });

  test('takes steps α/S, each of which is the polynomial of Runge and Kutta', async () => {
    const flow = await gradientFlow(network, start, examples, {
      time: 5,
      times: [5],
      safety: 1,
      keepWeights: true,
      loss,
      dtype,
    });
    expect(flow.steps).toBe(5);
    expect(Math.abs(flow.weights![0][0] - (2 - 3 * amplification(1) ** 5))).toBeLessThan(1e-13);
    expect(Math.abs(flow.moments[0].sharpness - 1)).toBeLessThan(1e-12);
  });

  test('reports the difference between a step and its halves as the error of the step', async () => {
    const flow = await gradientFlow(network, start, examples, { time: 1, times: [1], loss, dtype });
    const away = Math.sqrt(9 + 6.25);
    const wanted = (16 / 15) * away * Math.abs(amplification(1) - amplification(0.5) ** 2);
    expect(flow.evidence.checks).toBe(1);
    expect(Math.abs(flow.evidence.accumulated - wanted)).toBeLessThan(1e-12);
    expect(Math.abs(flow.evidence.largest - wanted / (away * (1 - amplification(1))))).toBeLessThan(1e-12);
    // and that is nearly what the error is
    const error = away * Math.abs(amplification(1) - Math.exp(-1));
    expect(Math.abs(flow.evidence.accumulated / error - 1)).toBeLessThan(0.09);
    const unchecked = await gradientFlow(network, start, examples, { time: 1, times: [1], loss, dtype, check: 0 });
    expect(unchecked.evidence).toEqual({ checks: 0, largest: 0, accumulated: 0 });
    expect(unchecked.state.weights).toEqual(flow.state.weights);
  });

  test('is refused where a step is unstable on a quadratic, and decays just below', async () => {
    expect(Math.abs(amplification(stabilityLimit))).toBeLessThan(1);
    expect(Math.abs(amplification(stabilityLimit + 1e-3))).toBeGreaterThan(1);
    await expect(gradientFlow(network, start, examples, { time: 1, loss, safety: 2.8 })).rejects.toThrow(
      /gradientFlow: safety must be in \(0, 2\.785\), got safety=2\.8/,
    );
    const { moments } = await gradientFlow(network, start, examples, {
      time: 2785,
      times: 2,
      loss,
      dtype,
      safety: 2.78,
    });
    expect(moments[1].loss).toBeLessThan(1e-3);
  });

  test('says that a learning rate above 2/S leaves the flow at once, and one below never', async () => {
    const above = await gradientFlow(network, start, examples, { time: 1, loss, dtype, learningRate: 2.1 });
    expect([above.startsAbove, above.crossing]).toEqual([true, 0]);
    const below = await gradientFlow(network, start, examples, { time: 1, loss, dtype, learningRate: 1.9 });
    expect([below.startsAbove, below.crossing]).toEqual([false, undefined]);
    expect(below.moments[50].step).toBe(1 / 1.9);
  });
});
