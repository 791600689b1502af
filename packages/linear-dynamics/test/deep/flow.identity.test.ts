// Oracles: conservation laws of gradient flow, and an extrapolation method.
import {
  balanceDrift,
  balanceMatrices,
  balancedNet,
  deepLinearNet,
  endToEnd,
  gradientFlow,
  lambdaBalancedNet,
  layerDescent,
  logisticLoss,
  squareLoss,
  squareLossOfData,
  type LinearLoss,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { extrapolate } from './extrapolate.js';
import {
  chain,
  eye,
  factorField,
  flat,
  gap,
  gaussian,
  mul,
  normals,
  scaled,
  split,
  sub,
  T,
  type M,
} from './matrices.js';

const randomNet = (widths: readonly number[], scale: number, seed: number) =>
  deepLinearNet(
    widths,
    widths.slice(1).map((h, j) => normals(seed + j, h * widths[j]!).map((v) => v * scale)),
  );

describe('gradient flow', () => {
  const widths = [5, 6, 6, 4];
  const X = gaussian(1, 5, 30);
  const Y = gaussian(2, 4, 30);
  const loss = squareLossOfData({ inputs: flat(T(X)), targets: flat(T(Y)), samples: 30 });
  const slope = (W: M): M => scaled(mul(sub(mul(W, X), Y), T(X)), 1 / 30);
  const times = [0, 0.5, 1, 2, 5];
  const net = randomNet(widths, 0.4, 3);
  const report = gradientFlow(net, { loss, times });

  test('agrees with an extrapolation method to 1e-10 at every time', () => {
    const reference = extrapolate(
      factorField(widths, slope),
      net.weights.flatMap((w) => [...w]),
      times,
    );
    reference.forEach((y, i) =>
      expect(
        gap(
          report.states[i]!.weights.flatMap((w) => [...w]),
          y,
        ),
      ).toBeLessThan(1e-10),
    );
    expect(report).toMatchObject({ converged: true, reason: 'reached-end', time: 5 });
    expect(gap(report.endToEnd.subarray(0, 20), endToEnd(net))).toBe(0);
  });

  test('conserves the balance to rounding where an explicit method at the same cost does not', () => {
    expect(report.balanceDrift).toBeLessThan(1e-13);
    // control: fourth-order Runge-Kutta with steps of the same number of evaluations, same distance
    const steps = Math.ceil(report.evaluations / 4);
    const explicit = rungeKutta(
      factorField(widths, slope),
      net.weights.flatMap((w) => [...w]),
      5,
      steps,
    );
    const drift = balanceDrift(deepLinearNet(widths, split(widths, explicit).map(flat)), net);
    expect(drift).toBeGreaterThan(1e4 * report.balanceDrift!);
  });

  test('conserves it at a tolerance that leaves the trajectory itself rough', () => {
    const rough = gradientFlow(net, { loss, times, tol: 1e-4 });
    expect(gap(rough.endToEnd, report.endToEnd)).toBeGreaterThan(1e-10);
    expect(rough.balanceDrift).toBeLessThan(1e-13);
    expect(rough.steps).toBeLessThan(report.steps);
  });

  test('never raises the loss, and its gradient norms are those of finite differences', () => {
    for (let i = 1; i < times.length; i++) expect(report.losses[i]).toBeLessThan(report.losses[i - 1]!);
    const h = 1e-5;
    const [W1, ...rest] = split(
      widths,
      report.states[1]!.weights.flatMap((w) => [...w]),
    );
    const slopes = W1!.flatMap((row, i) =>
      row.map((_, j) => {
        const at = (d: number): number => {
          const moved = W1!.map((r, a) => r.map((v, b) => (a === i && b === j ? v + d : v)));
          return loss.value(flat(chain([moved, ...rest])));
        };
        return (at(h) - at(-h)) / (2 * h);
      }),
    );
    expect(Math.max(...slopes.map(Math.abs))).toBeLessThanOrEqual(report.gradientNorms[1]! * (1 + 1e-6));
  });

  test('is the limit of gradient descent: error and drift of descent are O(η)', () => {
    const errors = [0.02, 0.01].map((learningRate) => {
      const steps = Math.round(1 / learningRate);
      const descent = layerDescent(net, { loss, learningRate, steps });
      return {
        drift: descent.balanceDrift,
        error: gap(endToEnd(descent.states[1]!), report.endToEnd.subarray(40, 60)),
      };
    });
    expect(errors[0]!.drift / errors[1]!.drift).toBeGreaterThan(1.8);
    expect(errors[0]!.drift / errors[1]!.drift).toBeLessThan(2.3);
    expect(errors[0]!.error / errors[1]!.error).toBeGreaterThan(1.8);
    expect(errors[0]!.error / errors[1]!.error).toBeLessThan(2.3);
  });

  test('with weight decay shrinks the balance as e^(−2 λ t/τ), and drops the claim when layers decay differently', () => {
    const decayed = gradientFlow(net, { loss, times: [3], weightDecay: 0.1, learningTime: 2 });
    expect(decayed.balanceDrift).toBeLessThan(1e-11);
    const before = balanceMatrices(net)[0]!;
    const after = balanceMatrices(decayed.states[0]!)[0]!;
    expect(
      gap(
        after,
        before.map((v) => v * Math.exp(-0.3)),
      ),
    ).toBeLessThan(1e-11);
    expect(gradientFlow(net, { loss, times: [1], weightDecay: [0.1, 0.2, 0.1] }).balanceDrift).toBeNull();
  });

  test('learningTime rescales time and nothing else', () => {
    const slow = gradientFlow(net, { loss, times: times.map((t) => 3 * t), learningTime: 3 });
    expect(gap(slow.endToEnd, report.endToEnd)).toBeLessThan(1e-10);
  });

  test('stops with a reason: out of steps, blow-up; reports progress; obeys the signal', () => {
    const short = gradientFlow(net, { loss, times, maxSteps: 3 });
    expect(short).toMatchObject({ converged: false, reason: 'max-steps' });
    expect(short.times.length).toBeLessThan(times.length);
    expect(short.endToEnd.length).toBe(20 * short.times.length);
    const growing: LinearLoss = {
      inputs: 1,
      outputs: 1,
      value: (w) => -(w[0]! ** 4),
      gradient: (w, out) => void (out[0] = -4 * w[0]! ** 3),
    };
    const blown = gradientFlow(deepLinearNet([1, 1, 1], [[1], [1]]), { loss: growing, times: [10] });
    expect(blown.converged).toBe(false);
    expect(blown.reason).toBe('step-underflow');
    const controller = new AbortController();
    let calls = 0;
    const stopped = gradientFlow(net, {
      loss,
      times,
      signal: controller.signal,
      onProgress: ({ done, of, detail }) => {
        expect(of).toBe(5);
        expect(done).toBeGreaterThan(0);
        expect(detail!.steps).toBe(++calls);
        if (calls === 2) controller.abort();
      },
    });
    expect(stopped).toMatchObject({ converged: false, reason: 'aborted', steps: 2 });
    expect(calls).toBe(2);
    // what was reached is kept, and is what a whole run has there
    expect(stopped.times.length).toBeLessThan(times.length);
    expect([...stopped.endToEnd]).toEqual([...report.endToEnd.subarray(0, stopped.endToEnd.length)]);
  });

  test('a network at a saddle stays there', () => {
    const zero = deepLinearNet([2, 2, 2], [new Float64Array(4), new Float64Array(4)]);
    const still = gradientFlow(zero, {
      loss: squareLoss({ inputs: 2, outputs: 2, inputOutput: [1, 0, 0, 1] }),
      times: [1e6],
    });
    expect([...still.endToEnd]).toEqual([0, 0, 0, 0]);
    expect(still.gradientNorms[0]).toBe(0);
    expect(still.steps).toBe(1);
  });

  test('white, correlated and data forms of the square loss are one loss', () => {
    const W = gaussian(9, 4, 5);
    const Sxx = scaled(mul(X, T(X)), 1 / 30);
    const Syx = scaled(mul(Y, T(X)), 1 / 30);
    const correlated = squareLoss({ inputs: 5, outputs: 4, inputOutput: flat(Syx), inputCorrelation: flat(Sxx) });
    const [a, b] = [new Float64Array(20), new Float64Array(20)];
    correlated.gradient(flat(W), a);
    loss.gradient(flat(W), b);
    expect(gap(a, b)).toBeLessThan(1e-14);
    expect(gap(a, flat(slope(W)))).toBeLessThan(1e-13);
    const origin = new Float64Array(20);
    const drop = (l: LinearLoss): number => l.value(flat(W)) - l.value(origin);
    expect(drop(correlated)).toBeCloseTo(drop(loss), 12);
    const white = squareLoss({ inputs: 5, outputs: 4, inputOutput: flat(Syx) });
    const eyed = squareLoss({ inputs: 5, outputs: 4, inputOutput: flat(Syx), inputCorrelation: flat(eye(5)) });
    expect(white.value(flat(W))).toBeCloseTo(eyed.value(flat(W)), 12);
  });
});

describe('balanced networks', () => {
  test('factor the map they are asked for, with balance to rounding', () => {
    for (const widths of [
      [5, 6, 6, 4],
      [3, 3],
      [4, 2, 5, 2, 4],
    ]) {
      const rank = Math.min(...widths);
      const map = mul(gaussian(5, widths[widths.length - 1]!, rank), gaussian(6, rank, widths[0]!));
      const net = balancedNet(flat(map), { widths, seed: 4 });
      expect(gap(endToEnd(net), flat(map))).toBeLessThan(1e-14 * 10);
      for (const b of balanceMatrices(net)) expect(Math.max(...b.map(Math.abs))).toBeLessThan(2e-15 * 10);
      expect(gap(balancedNet(flat(map), { widths, seed: 4 }).weights[0]!, net.weights[0]!)).toBe(0);
    }
  });
  test('take any λ when the widths allow it', () => {
    for (const lambda of [-3, 0, 1e-3, 50]) {
      const map = gaussian(7, 3, 5);
      const net = lambdaBalancedNet(flat(map), { widths: [5, 3, 3], lambda });
      expect(gap(endToEnd(net), flat(map))).toBeLessThan(1e-13);
      expect(gap(balanceMatrices(net)[0]!, flat(scaled(eye(3), lambda)))).toBeLessThan(
        1e-15 * (10 + 8 * Math.abs(lambda)),
      );
    }
  });
});

test('logistic loss: gradient by finite differences, at large margins too', () => {
  const data = { inputs: normals(51, 30), labels: Array.from(normals(52, 10), (v) => (v > 0 ? 1 : -1)) };
  const loss = logisticLoss(data);
  const w = normals(53, 3).map((v) => 20 * v);
  const out = new Float64Array(3);
  loss.gradient(w, out);
  const h = 1e-5;
  const difference = w.map((_, i) => {
    const at = (d: number): number => loss.value(w.map((v, k) => (k === i ? v + d : v)));
    return (at(h) - at(-h)) / (2 * h);
  });
  expect(gap(out, difference)).toBeLessThan(1e-8);
});

function rungeKutta(f: (y: readonly number[]) => number[], start: number[], until: number, steps: number): number[] {
  const h = until / steps;
  let y = start;
  for (let i = 0; i < steps; i++) {
    const k1 = f(y);
    const k2 = f(y.map((v, j) => v + (h / 2) * k1[j]!));
    const k3 = f(y.map((v, j) => v + (h / 2) * k2[j]!));
    const k4 = f(y.map((v, j) => v + h * k3[j]!));
    y = y.map((v, j) => v + (h / 6) * (k1[j]! + 2 * k2[j]! + 2 * k3[j]! + k4[j]!));
  }
  return y;
}
