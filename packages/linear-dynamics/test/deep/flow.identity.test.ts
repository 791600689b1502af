// Oracles: conservation laws of gradient flow, and an extrapolation method.
import {
  balanceDrift,
  balanceMatrices,
  balancedNet,
  deepLinearNet,
  endToEnd,
  endToEndFlow,
  endToEndPreconditioner,
  endToEndVelocity,
  gradientFlow,
  lambdaBalancedNet,
  layerDescent,
  logisticLoss,
  singleOutputVelocity,
  singularValueVelocities,
  squareLoss,
  squareLossOfData,
  type LinearLoss,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { extrapolate } from './extrapolate.js';
import {
  add,
  chain,
  eye,
  factorField,
  flat,
  gap,
  gaussian,
  mul,
  normals,
  rowsOf,
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

describe('end-to-end flow', () => {
  const X = gaussian(31, 5, 30);
  const Y = gaussian(32, 4, 30);
  const loss = squareLossOfData({ inputs: flat(T(X)), targets: flat(T(Y)), samples: 30 });
  const W0 = gaussian(33, 4, 5, 0.3);
  const times = [1, 2, 5];

  test.each([1, 2, 3, 4])('follows the factors of a balanced network of depth %i', (depth) => {
    const widths = [5, ...Array.from({ length: depth - 1 }, () => 6), 4];
    const factors = gradientFlow(balancedNet(flat(W0), { widths }), { loss, times });
    const map = endToEndFlow(flat(W0), { loss, depth, times });
    expect(gap(map.endToEnd, factors.endToEnd)).toBeLessThan(1e-9);
    expect(gap(map.losses, factors.losses)).toBeLessThan(1e-9);
    // negative control: the wrong depth
    expect(
      gap(endToEndFlow(flat(W0), { loss, depth: depth + 1, times: [1] }).endToEnd, factors.endToEnd.subarray(0, 20)),
    ).toBeGreaterThan(1e-3);
  });

  test('gives back what it reached when the signal is raised', () => {
    const controller = new AbortController();
    const options = { loss, depth: 2, times: [0, 1e-3, 5] };
    const stopped = endToEndFlow(flat(W0), {
      ...options,
      signal: controller.signal,
      onProgress: ({ done }) => void (done >= 1e-3 && controller.abort()),
    });
    expect(stopped).toMatchObject({ reason: 'aborted', converged: false, time: 1e-3, times: Float64Array.of(0, 1e-3) });
    expect(stopped.endToEnd).toEqual(endToEndFlow(flat(W0), options).endToEnd.slice(0, 40));
  });

  test('with weight decay loses N λ W', () => {
    const factors = gradientFlow(balancedNet(flat(W0), { widths: [5, 6, 6, 4] }), {
      loss,
      times: [2],
      weightDecay: 0.05,
    });
    const map = endToEndFlow(flat(W0), { loss, depth: 3, times: [2], weightDecay: 0.05 });
    expect(gap(map.endToEnd, factors.endToEnd)).toBeLessThan(1e-9);
  });

  test('the preconditioner as a Kronecker matrix has the eigenpairs that are returned', () => {
    for (const [outputs, inputs] of [
      [4, 5],
      [3, 2],
    ] as const) {
      for (const depth of [1, 2, 3, 5]) {
        const W = gaussian(34, outputs, inputs, 0.7);
        const p = endToEndPreconditioner(flat(W), { inputs, outputs, depth });
        const U = rowsOf(p.left, outputs, outputs);
        const V = rowsOf(p.right, inputs, inputs);
        expect(gap(flat(mul(U, T(U))), flat(eye(outputs)))).toBeLessThan(1e-14);
        expect(gap(flat(mul(V, T(V))), flat(eye(inputs)))).toBeLessThan(1e-14);
        // every u_r v_cᵀ is an eigenmatrix of G ↦ Σ (WWᵀ)^{(j−1)/N} G (WᵀW)^{(N−j)/N}
        const power = (A: M, basis: M, q: number): M => {
          if (q === 0) return eye(A.length);
          const values = mul(mul(basis, A), T(basis)).map((row, i) => Math.max(row[i]!, 0));
          // rounding of a zero eigenvalue, 1e-17, would become 1e-6 at q = 1/3
          return mul(
            T(basis),
            basis.map((row, i) => row.map((v) => v * (values[i]! < 1e-14 ? 0 : values[i]! ** q))),
          );
        };
        const [WWt, WtW] = [mul(W, T(W)), mul(T(W), W)];
        for (let r = 0; r < outputs; r++) {
          for (let c = 0; c < inputs; c++) {
            const E = U[r]!.map((u) => V[c]!.map((v) => u * v));
            let image = scaled(E, 0);
            for (let j = 1; j <= depth; j++) {
              image = add(image, mul(mul(power(WWt, U, (j - 1) / depth), E), power(WtW, V, (depth - j) / depth)));
            }
            expect(gap(flat(image), flat(scaled(E, p.eigenvalues[r * inputs + c]!)))).toBeLessThan(1e-12);
          }
        }
      }
    }
  });

  test('the velocity is that of the factors: Σ over layers, by finite differences of their flow', () => {
    const net = balancedNet(flat(W0), { widths: [5, 6, 6, 4] });
    const y = net.weights.flatMap((w) => [...w]);
    const field = factorField([5, 6, 6, 4], (W) => scaled(mul(sub(mul(W, X), Y), T(X)), 1 / 30));
    const dy = field(y);
    const at = (h: number): Float64Array =>
      flat(
        chain(
          split(
            [5, 6, 6, 4],
            y.map((v, i) => v + h * dy[i]!),
          ),
        ),
      );
    const h = 1e-5;
    const difference = at(h).map((v, i) => (v - at(-h)[i]!) / (2 * h));
    const gradient = new Float64Array(20);
    loss.gradient(flat(W0), gradient);
    const p = endToEndPreconditioner(flat(W0), { inputs: 5, outputs: 4, depth: 3 });
    const velocity = endToEndVelocity(p, gradient);
    expect(gap(velocity, difference)).toBeLessThan(1e-9);
    // singular values by first-order perturbation of a second, displaced decomposition
    const moved = (s: number): Float64Array =>
      endToEndPreconditioner(
        flat(W0).map((w, i) => w + s * velocity[i]!),
        { inputs: 5, outputs: 4, depth: 3 },
      ).singularValues;
    const rates = singularValueVelocities(p, gradient);
    const e = 1e-5;
    expect(
      gap(
        moved(e).map((s, i) => (s - moved(-e)[i]!) / (2 * e)),
        rates,
      ),
    ).toBeLessThan(1e-8);
  });

  const rotated = (values: readonly number[], outputs: number, inputs: number): Float64Array => {
    const [u, v] = [gaussian(61, outputs, outputs), gaussian(62, inputs, inputs)].map((m) =>
      rowsOf(
        endToEndPreconditioner(flat(m), { inputs: m.length, outputs: m.length, depth: 1 }).left,
        m.length,
        m.length,
      ),
    );
    const middle = Array.from({ length: outputs }, (_, i) =>
      Array.from({ length: inputs }, (_, j) => (i === j ? values[i]! : 0)),
    );
    return flat(mul(mul(u!, middle), v!));
  };
  test.each<[name: string, map: ArrayLike<number>, gradient: ArrayLike<number>, outputs: number, depth: number]>([
    ['the unit matrix', [1, 0, 0, 1], [0, 1, 1, 0], 2, 2],
    ['the same, an antisymmetric gradient', [1, 0, 0, 1], [0, 1, -1, 0], 2, 2],
    ['a multiple of it, depth 1', [3, 0, 0, 3], [1, 2, 5, -1], 2, 1],
    ['a reflection, depth 3', [1, 0, 0, -1], [1, 2, 3, -2], 2, 3],
    ['two equal of three, turned', rotated([2, 2, 0.5], 3, 3), normals(63, 9), 3, 3],
    ['the later two of three, turned', rotated([2, 0.5, 0.5], 3, 3), normals(64, 9), 3, 2],
    ['three equal of three, wide', rotated([1.5, 1.5, 1.5], 3, 5), normals(65, 15), 3, 2],
    ['zero map, depth 1', new Float64Array(4), [1, 2, 3, -4], 2, 1],
    ['zero map, depth 1, tall', new Float64Array(6), normals(66, 6), 3, 1],
    ['zero map, depth 2', new Float64Array(4), [1, 2, 3, 4], 2, 2],
    ['rank one, depth 1, wide', rotated([2, 0, 0], 3, 4), normals(67, 12), 3, 1],
    ['rank one, depth 3', rotated([2, 0, 0], 3, 3), normals(68, 9), 3, 3],
  ])(
    'singular values that are equal or zero part as those of a displaced map do: %s',
    (_, map, gradient, outputs, depth) => {
      const shape = { inputs: map.length / outputs, outputs, depth };
      const p = endToEndPreconditioner(map, shape);
      const velocity = endToEndVelocity(p, gradient);
      // one-sided, extrapolated: singular values leave a crossing with a kink
      const e = 1e-5;
      const difference = (h: number): Float64Array =>
        endToEndPreconditioner(
          Float64Array.from(map, (w, i) => w + h * velocity[i]!),
          shape,
        ).singularValues.map((s, i) => (s - p.singularValues[i]!) / h);
      const half = difference(e / 2);
      const expected = difference(e).map((d, i) => 2 * half[i]! - d);
      expect(gap(singularValueVelocities(p, gradient), expected)).toBeLessThan(1e-7);
    },
  );

  test('singular values that are equal or zero: the values themselves', () => {
    const at = (map: readonly number[], gradient: readonly number[], depth: number): number[] => [
      ...singularValueVelocities(endToEndPreconditioner(map, { inputs: 2, outputs: 2, depth }), gradient),
    ];
    const near = (a: readonly number[], b: readonly number[]) =>
      expect(gap(Float64Array.from(a), Float64Array.from(b))).toBeLessThan(1e-14);
    near(at([1, 0, 0, 1], [0, 1, 1, 0], 2), [2, -2]);
    near(at([0, 0, 0, 0], [1, 0, 0, -3], 1), [3, 1]);
    expect(at([0, 0, 0, 0], [1, 0, 0, -3], 2)).toEqual([0, 0]);
  });

  test('a single output is the short rule; zero maps and null directions stand still', () => {
    const [w, g] = [normals(41, 6), normals(42, 6)];
    for (const depth of [1, 2, 3, 7]) {
      const p = endToEndPreconditioner(w, { inputs: 6, outputs: 1, depth });
      expect(gap(endToEndVelocity(p, g), singleOutputVelocity(w, g, depth))).toBeLessThan(1e-12);
    }
    expect([...singleOutputVelocity([0, 0], [1, 1], 3)]).toEqual([0, 0]);
    expect([...singleOutputVelocity([0, 0], [1, 1], 1)]).toEqual([-1, -1]);
    const rankOne = mul(gaussian(43, 3, 1), gaussian(44, 1, 3));
    const p = endToEndPreconditioner(flat(rankOne), { inputs: 3, outputs: 3, depth: 3 });
    expect(p.eigenvalues[4]).toBe(0);
    expect(p.singularValues[1]).toBe(0);
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
