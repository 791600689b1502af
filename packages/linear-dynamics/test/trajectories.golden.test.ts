// Oracles: 80-digit sums (trajectories.json), the numpy numbers of the sheet (ribbons.json), dynamics.json. Provenance in golden/README.md.
import { readFileSync } from 'node:fs';
import { eigvalsh } from '@hyperribbon/lanczos';
import {
  iterate,
  phaseBoundary,
  predictedWidths,
  ribbonCriteria,
  sloppyEigenvalues,
  trajectoryCovariance,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { decayModes } from '../src/trajectories/spectra/decayModes.js';
import { exponentialIntegral } from '../src/trajectories/exponentialIntegral.js';
import { langevin } from '../src/trajectories/langevin.js';

const load = (name: string) => JSON.parse(readFileSync(new URL(`./golden/${name}`, import.meta.url), 'utf8'));
const golden = load('trajectories.json');
const sheet = load('ribbons.json');
const dynamics = load('dynamics.json');

/** largest |value − reference|/|reference| */
const relative = (pairs: readonly (readonly [number, number])[]): number =>
  pairs.reduce(
    (worst, [value, reference]) =>
      Math.max(worst, value === reference ? 0 : Math.abs(value - reference) / Math.abs(reference)),
    0,
  );

/** Sloppy regression as the tables name its sizes: decay c, η, T steps, power p, d directions with a target of ρ in each. */
const regression = (g: { c: number; eta: number; T: number; p: number; d: number; rho: number }) => ({
  eigenvalues: sloppyEigenvalues(g.c, { dimension: g.d }),
  learningRate: g.eta,
  steps: g.T,
  exponent: g.p,
  target: new Float64Array(g.d).fill(g.rho),
});

describe('time averages of decays keep their relative accuracy', () => {
  const rows: [number, number, number, ...string[]][] = golden.descent;
  const values = (
    pick: (modes: ReturnType<typeof decayModes>) => number,
    column: number,
    keep: (row: (typeof rows)[number]) => boolean = () => true,
  ) =>
    rows.filter(keep).map((row): [number, number] => {
      const [x, y, T] = row;
      const modes = decayModes({ eigenvalues: Float64Array.of(x, y), learningRate: 1, steps: T, dynamics: 'descent' });
      return [pick(modes), Number(row[column])];
    });

  test('covers step sizes up to 1.9999999 and 1e12 steps', () => expect(rows.length).toBeGreaterThan(300));
  test('g = mean of a^t', () => expect(relative(values((m) => m.mean[0], 3))).toBeLessThan(2e-15));
  test('1 − g', () =>
    expect(
      relative(
        values(
          (m) => m.progress[0],
          4,
          ([, , T]) => T > 1,
        ),
      ),
    ).toBeLessThan(4e-15));
  test('1 − g is 0 for one point', () =>
    expect(
      values(
        (m) => m.progress[0],
        4,
        ([, , T]) => T === 1,
      ).every(([v]) => v === 0),
    ).toBe(true));
  test('G_ii = mean of a^2t', () =>
    expect(
      relative(
        values(
          (m) => m.meanSquare[0],
          5,
          ([x, y]) => x === y,
        ),
      ),
    ).toBeLessThan(2e-15));
  test('G − g g, down to 1e-36', () =>
    expect(
      relative(
        values(
          (m) => m.covariance(0, 1),
          6,
          ([, , T]) => T > 1,
        ),
      ),
    ).toBeLessThan(1e-14));
  test('the covariance of one point is 0', () =>
    expect(
      values(
        (m) => m.covariance(0, 1),
        6,
        ([, , T]) => T === 1,
      ).every(([v]) => v === 0),
    ).toBe(true));
  test('the same for gradient flow', () => {
    const flow: [number, number, ...string[]][] = golden.flow;
    const modes = flow.map(([x, y]) =>
      decayModes({ eigenvalues: Float64Array.of(x, y), learningRate: 1, steps: 1, dynamics: 'flow' }),
    );
    expect(relative(flow.map((row, i) => [modes[i].mean[0], Number(row[2])]))).toBeLessThan(2e-15);
    expect(relative(flow.map((row, i) => [modes[i].progress[0], Number(row[3])]))).toBeLessThan(3e-15);
    expect(relative(flow.map((row, i) => [modes[i].meanSquare[0], Number(row[4])]))).toBeLessThan(2e-15);
    expect(relative(flow.map((row, i) => [modes[i].covariance(0, 1), Number(row[5])]))).toBeLessThan(5e-15);
  });
  test('a reference moved by ten tolerances is seen', () => {
    expect(relative(values((m) => m.mean[0] * (1 + 2e-14), 3))).toBeGreaterThan(2e-15);
    expect(
      relative(
        values(
          (m) => m.covariance(0, 1) * (1 + 1e-13),
          6,
          ([, , T]) => T > 1,
        ),
      ),
    ).toBeGreaterThan(1e-14);
  });
});

describe('functions of one number', () => {
  test('Langevin: coth u − 1/u', () =>
    expect(relative(golden.langevin.map(([u, v]: [number, string]) => [langevin(u), Number(v)]))).toBeLessThan(1e-15));
  test('exponential integral', () =>
    expect(relative(golden.expint.map(([u, v]: [number, string]) => [exponentialIntegral(u), Number(v)]))).toBeLessThan(
      1e-14,
    ));
});

describe('dynamics.json: (1 − η λ)^t and e^(−η λ t)', () => {
  const rows: [number, number, number, string, string][] = dynamics.tables.gd_mode.rows;
  const at = (t: number, eta: number, lambda: number, kind: 'descent' | 'flow') =>
    iterate({ eigenvalues: [lambda], learningRate: eta, step: t, initial: [1], target: [0], dynamics: kind })[0];
  test('gradient descent to 1e-12', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(
      relative(rows.map(([eta, lambda, t, descent]) => [at(t, eta, lambda, 'descent'), Number(descent)])),
    ).toBeLessThan(1e-12);
  });
  test('gradient flow to 1e-12', () =>
    expect(relative(rows.map(([eta, lambda, t, , flow]) => [at(t, eta, lambda, 'flow'), Number(flow)]))).toBeLessThan(
      1e-12,
    ));
});

describe('B3: spectra of the trajectory covariance', () => {
  for (const g of sheet.traj_cov) {
    test(`c=${g.c} rho=${g.rho} T=${g.T} d=${g.d} p=${g.p}`, () => {
      const options = regression(g);
      const close = (got: ArrayLike<number>, want: number[], scale: number) =>
        want.forEach((value, i) => expect(Math.abs(got[i] - value)).toBeLessThan(1e-13 * scale));
      const { covariance, target, initialization } = trajectoryCovariance(options);
      const values = eigvalsh(covariance, g.d);
      close(values, g.top6, g.top6[0]);
      close(eigvalsh(target, g.d), g.target_top6, g.target_top6[0]);
      close(
        initialization.slice().sort((a, b) => b - a),
        g.init_top3,
        g.init_top3[0],
      );
      const widths = predictedWidths({ ...options, count: g.d });
      close(widths.eigenvalues, g.top6, g.top6[0]);
      close(widths.target.eigenvalues, g.target_top6, g.target_top6[0]);
      close([widths.trace], [g.trace], g.trace);
      const { explained, participationRatio } = ribbonCriteria(values);
      close(explained, g.EV, 1);
      close([participationRatio], [g.PR], g.PR);
      expect(() =>
        close(
          values,
          g.top6.map((v: number) => v * (1 + 1e-12)),
          g.top6[0],
        ),
      ).toThrow();
    });
  }
  test('the sheet states the first of them', () => {
    const { eigenvalues } = predictedWidths({
      eigenvalues: sloppyEigenvalues(0.5, { dimension: 20 }),
      learningRate: 0.9,
      steps: 100,
      target: new Float64Array(20).fill(10),
    });
    expect(Array.from(eigenvalues.slice(0, 5), (v) => Number(v.toPrecision(6)))).toEqual([
      3.4775, 0.860611, 0.185117, 0.0399657, 0.0119028,
    ]);
  });
});

describe('spectra against 80 digits', () => {
  for (const g of golden.target) {
    test(`c=${g.c} d=${g.d} T=${g.T} p=${g.p} eta=${g.eta}`, () => {
      const options = regression(g);
      const { eigenvalues: total, target } = predictedWidths({ ...options, count: g.d });
      const largest = Number(g.total[0]);
      g.total.forEach((value: string, i: number) =>
        expect(Math.abs(total[i] - Number(value))).toBeLessThan(2e-15 * largest),
      );
      const scale = g.rho * g.rho * Number(g.target[0]);
      target.eigenvalues.forEach((value, i) =>
        expect(Math.abs(value - g.rho * g.rho * Number(g.target[i]))).toBeLessThan(4e-15 * scale),
      );
    });
  }
});

describe('B4: ratio at which EV_3 = 0.9', () => {
  const table = Object.entries<number>(sheet['EV3_eq_0.9_rho']);
  test.each(table)('%s', (key, reference) => {
    const [, steps, decay] = /T=(\d+),c=([\d.]+)/.exec(key)!.map(Number);
    const { ratio, kind, explained } = phaseBoundary({ steps, decay });
    expect(kind).toBe('crossing');
    expect(explained).toBeCloseTo(0.9, 12);
    // the reference was found to 1e-12 in ln ρ
    expect(Math.abs(ratio / reference - 1)).toBeLessThan(1e-10);
  });
  test('is always reached for c = 3, T = 100, and never for c = 1, T = 1e5', () => {
    expect(phaseBoundary({ steps: 100, decay: 3 })).toMatchObject({ kind: 'above', ratio: NaN });
    const never = phaseBoundary({ steps: 1e5, decay: 1 });
    expect(never).toMatchObject({ kind: 'unreachable', ratio: NaN });
    expect(never.explained).toBeLessThan(0.9);
  });
  test('is looked for in the range that is given', () => {
    const usual = phaseBoundary({ steps: 100, decay: 1 });
    const inside = phaseBoundary({ steps: 100, decay: 1, range: { from: 0.9 * usual.ratio, to: 1.1 * usual.ratio } });
    expect(Math.abs(inside.ratio / usual.ratio - 1)).toBeLessThan(1e-10);
    expect(phaseBoundary({ steps: 100, decay: 1, range: { from: 1e-3, to: 0.9 * usual.ratio } }).kind).toBe(
      'unreachable',
    );
    expect(phaseBoundary({ steps: 100, decay: 1, range: { from: 1.1 * usual.ratio, to: 9 } }).kind).toBe('above');
    expect(() => phaseBoundary({ steps: 100, decay: 1, range: { from: 2, to: 1 } })).toThrow(
      'range must ascend, got 2 to 1',
    );
  });
});
