// Oracle: the differential equations themselves, integrated by an extrapolation method.
import { alignedFlow, balancedNet, saxeMode, saxePair, saxeTime } from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { extrapolate } from './extrapolate.js';
import { add, chain, eye, factorField, flat, gap, gaussian, mul, rowsOf, scaled, split, sub, T } from './matrices.js';

const grid = Array.from({ length: 13 }, (_, i) => i / 2);

describe('one mode', () => {
  const cases = [
    { depth: 1, initial: 0.2 },
    { depth: 2, initial: 0.01 },
    { depth: 2, initial: 5 },
    { depth: 2, initial: -0.4 },
    { depth: 3, initial: 0.02 },
    { depth: 3, initial: 4.5 },
    { depth: 3, initial: -0.7 },
    { depth: 4, initial: 0.3 ** 4 },
    { depth: 5, initial: -2 },
    { depth: 8, initial: 0.4 },
    { depth: 20, initial: 6 },
  ];
  test.each(cases)("depth $depth from $initial follows τ u' = N |u|^(2−2/N) (s − δ u)", ({ depth, initial }) => {
    const [singularValue, inputVariance, learningTime] = [3, 0.8, 1.7];
    const mode = { singularValue, initial, depth, inputVariance, learningTime };
    const times = grid.map((t) => (depth > 6 ? t / depth / depth : t)); // the rate is N s^(2−2/N)
    const { values } = saxeMode(mode, times);
    const p = 2 - 2 / depth;
    const reference = extrapolate(
      ([u]) => [(depth * Math.abs(u!) ** p * (singularValue - inputVariance * u!)) / learningTime],
      [initial],
      times,
    ).flat();
    const scale = Math.max(...reference.map(Math.abs));
    expect(gap(values, reference) / scale).toBeLessThan(1e-11);
    // negative control: another depth is another curve
    expect(gap(saxeMode({ ...mode, depth: depth + 1 }, times).values, reference) / scale).toBeGreaterThan(1e-3);
  });

  test("infinite depth follows τ u' = u² (s − u), from below, above and the wrong side", () => {
    for (const initial of [0.3, 5, -1]) {
      const { values, limit } = saxeMode({ singularValue: 2, initial, depth: Infinity }, grid);
      const reference = extrapolate(([u]) => [u! * u! * (2 - u!)], [initial], grid).flat();
      expect(gap(values, reference)).toBeLessThan(1e-11 * 5);
      expect(limit).toBe(initial > 0 ? 2 : 0);
    }
  });

  test('a target of 0 is forgotten: |u| falls like a power of time', () => {
    for (const [depth, initial] of [
      [2, 1.5],
      [3, -0.8],
      [5, 2],
    ] as const) {
      const { values } = saxeMode({ singularValue: 0, initial, depth }, grid);
      const reference = extrapolate(([u]) => [-depth * Math.abs(u!) ** (2 - 2 / depth) * u!], [initial], grid).flat();
      expect(gap(values, reference)).toBeLessThan(1e-12 * 2);
    }
  });

  test('the product of four equal scalar layers is the mode of depth 4', () => {
    const w0 = 0.3;
    const reference = extrapolate(
      (w) => w.map((_, i) => w.reduce((p, v, k) => (k === i ? p : p * v), 1) * (3 - w.reduce((p, v) => p * v, 1))),
      [w0, w0, w0, w0],
      grid,
    ).map((w) => w.reduce((p, v) => p * v, 1));
    expect(gap(saxeMode({ singularValue: 3, initial: w0 ** 4, depth: 4 }, grid).values, reference)).toBeLessThan(1e-11);
  });

  test('the time of a strength and the strength at a time are inverse, with overshoot, decay and every depth', () => {
    for (const depth of [1, 2, 3, 4, 7, Infinity]) {
      for (const [initial, final] of [[0.05, 1.9], [3, 2.4], ...(depth === 1 ? [] : [[-1, -0.2]])] as [
        number,
        number,
      ][]) {
        const mode = { singularValue: 2, initial, depth, learningTime: 0.7, inputVariance: 0.9 };
        const t = saxeTime(mode, final);
        expect(t).toBeGreaterThan(0);
        const u = saxeMode(mode, [t]).values[0]!;
        expect(Math.abs(u - final)).toBeLessThan(2e-13 * Math.abs(final));
        expect(Math.abs(saxeMode(mode, [t * 1.001]).values[0]! - final)).toBeGreaterThan(1e-5 * Math.abs(final));
      }
    }
  });

  test('the printed times for N = 4 and N → ∞ agree with the general form', () => {
    const [s, u0, u1] = [3, 0.05, 2.7];
    const four = (u: number): number =>
      (-2 / Math.sqrt(u) + Math.log((Math.sqrt(s) + Math.sqrt(u)) / (Math.sqrt(s) - Math.sqrt(u))) / Math.sqrt(s)) / s;
    const limit = (u: number): number => Math.log(u / (s - u)) / s ** 2 - 1 / (s * u);
    const mode = { singularValue: s, initial: u0 };
    expect(saxeTime({ ...mode, depth: 4 }, u1)).toBeCloseTo((four(u1) - four(u0)) / 4, 12);
    expect(saxeTime({ ...mode, depth: Infinity }, u1)).toBeCloseTo(limit(u1) - limit(u0), 12);
  });

  test('a mode that starts at 0 or on the wrong side is reported, not learned', () => {
    expect(saxeMode({ singularValue: 1, initial: 0 }, [9])).toMatchObject({
      learns: false,
      reason: 'at-saddle',
      limit: 0,
    });
    expect(saxeMode({ singularValue: 1, initial: -0.1, depth: 3 }, [9])).toMatchObject({
      learns: false,
      reason: 'wrong-sign',
      limit: 0,
    });
    expect(saxeMode({ singularValue: 1, initial: -0.1, depth: 1 }, [9])).toMatchObject({ learns: true, limit: 1 });
    expect(saxeTime({ singularValue: 1, initial: -0.1 }, 0.5)).toBe(Infinity);
    expect(saxeTime({ singularValue: 1, initial: 0.1 }, 1)).toBe(Infinity);
  });

  test.each([
    [1, 5e-324, 0.5],
    [1, 1e-310, 0.999],
    [1e-200, 1e-250, 5e-201],
    [1e200, 1e-120, 5e199],
    [1e-300, 1e-301, 5e-301],
    [3, 1e-305, 1e-3],
  ])('the time of s = %s from %s to %s is finite, whatever the products', (s, initial, final) => {
    // ln[u_f (s − u_0)/(u_0 (s − u_f))]/(2s), logarithm by logarithm
    const expected =
      Math.log(final / s) - Math.log(initial) + Math.log(s) + Math.log(1 - initial / s) - Math.log(1 - final / s);
    expect((2 * s * saxeTime({ singularValue: s, initial }, final)) / expected).toBeCloseTo(1, 12);
  });

  test('tiny starts and enormous times stay finite and exact', () => {
    const mode = { singularValue: 3, initial: 1e-300 };
    const values = saxeMode(mode, [0, 1, 1e6, 1e300]).values;
    expect(values[0]).toBe(1e-300);
    expect(values[1]! / (1e-300 * Math.exp(6))).toBeCloseTo(1, 12);
    expect(values[2]).toBe(3);
    expect(values[3]).toBe(3);
    expect(saxeMode({ ...mode, initial: 1e-6, depth: 3 }, [1e6]).values[0]).toBeCloseTo(3, 12);
  });
});

describe('two scalar layers that are not balanced', () => {
  const starts = [
    [0.3, 1.1],
    [1.1, -0.3],
    [-0.3, 1.1],
    [2.5, 2.4],
    [0.7, 0.7],
    [0.7, 0.7 + 1e-9],
    [-1.2, -0.1],
    [1e-8, 0.5],
    [3, 0],
  ] as const;
  test.each(starts)("from (%f, %f) follow a' = b (s − ab), b' = a (s − ab)", (input, output) => {
    for (const singularValue of [3, 0.2, 0, -1.5]) {
      const pair = { singularValue, input, output, learningTime: 1.3 };
      const curve = saxePair(pair, grid);
      const reference = extrapolate(
        ([a, b]) => [(b! * (singularValue - a! * b!)) / 1.3, (a! * (singularValue - a! * b!)) / 1.3],
        [input, output],
        grid,
      );
      const scale = Math.max(1, Math.abs(input), Math.abs(output));
      // opposite signs of almost equal size linger at the saddle, where errors grow like e^{2 s t}
      const slack = input * output * singularValue < 0 ? 1e-9 : 1e-11;
      expect(
        gap(
          curve.inputs,
          reference.map(([a]) => a!),
        ) / scale,
      ).toBeLessThan(slack);
      expect(
        gap(
          curve.outputs,
          reference.map(([, b]) => b!),
        ) / scale,
      ).toBeLessThan(slack);
      const drift = curve.outputs.map((b, i) => (b - curve.inputs[i]!) * (b + curve.inputs[i]!) - curve.conserved);
      expect(Math.max(...drift.map(Math.abs))).toBeLessThan(2e-14 * scale ** 2 + 1e-14);
    }
  });

  test('balanced pairs are the sigmoid', () => {
    const curve = saxePair({ singularValue: 3, input: 0.2, output: 0.2 }, grid);
    expect(gap(curve.products, saxeMode({ singularValue: 3, initial: 0.04 }, grid).values)).toBeLessThan(1e-14);
  });

  test('opposite equal weights stay on their way to the saddle', () => {
    const curve = saxePair({ singularValue: 1, input: -0.5, output: 0.5 }, [0, 1, 100]);
    expect(curve).toMatchObject({ learns: false, reason: 'wrong-sign' });
    expect(Math.abs(curve.products[2]!)).toBeLessThan(1e-80);
  });
});

describe('whole matrices', () => {
  test('an aligned start of five inputs and three outputs, depth 2 and 3, follows its modes', () => {
    const Syx = gaussian(11, 3, 5);
    const initial = [0.05, 0.02, 0.1];
    for (const depth of [2, 3]) {
      const flow = alignedFlow(
        { inputs: 5, outputs: 3, inputOutput: flat(Syx), initial, depth, learningTime: 1.7 },
        grid,
      );
      const first = rowsOf(flow.endToEnd, 3, 5);
      const widths = depth === 2 ? [5, 4, 3] : [5, 4, 3, 3];
      const net = balancedNet(flat(first), { widths, seed: 3 });
      const field = factorField(widths, (W) => scaled(sub(W, Syx), 1 / 1.7));
      const reference = extrapolate(
        field,
        net.weights.flatMap((w) => [...w]),
        grid,
      );
      reference.forEach((y, i) => {
        expect(gap(flat(chain(split(widths, y))), flow.endToEnd.subarray(15 * i, 15 * i + 15))).toBeLessThan(1e-10);
      });
    }
  });

  test('inputs that are not white, but share the singular vectors, change rates and limits', () => {
    const Syx = gaussian(12, 2, 3);
    const flow0 = alignedFlow({ inputs: 3, outputs: 2, inputOutput: flat(Syx), initial: [1, 1] }, [0]);
    // V diag(0.5, 2, ·) Vᵀ from the map U Vᵀ: right vectors of the modes
    const isometry = rowsOf(flow0.endToEnd, 2, 3);
    const StS = mul(T(Syx), Syx);
    const projector = mul(T(isometry), isometry);
    const Sxx = add(add(scaled(StS, 0.3), scaled(projector, 0.2)), scaled(eye(3), 0.1));
    const initial = [0.03, 0.06];
    const flow = alignedFlow(
      { inputs: 3, outputs: 2, inputOutput: flat(Syx), inputCorrelation: flat(Sxx), initial },
      grid,
    );
    const widths = [3, 2, 2];
    const net = balancedNet(flow.endToEnd.subarray(0, 6), { widths });
    const reference = extrapolate(
      factorField(widths, (W) => sub(mul(W, Sxx), Syx)),
      net.weights.flatMap((w) => [...w]),
      grid,
    );
    reference.forEach((y, i) => {
      expect(gap(flat(chain(split(widths, y))), flow.endToEnd.subarray(6 * i, 6 * i + 6))).toBeLessThan(1e-10);
    });
    expect(() =>
      alignedFlow(
        {
          inputs: 3,
          outputs: 2,
          inputOutput: flat(Syx),
          inputCorrelation: flat(mul(gaussian(1, 3, 3), T(gaussian(1, 3, 3)))),
          initial,
        },
        [1],
      ),
    ).toThrow(/^alignedFlow: inputCorrelation must have the right singular vectors.*use gradientFlow/s);
  });
});
