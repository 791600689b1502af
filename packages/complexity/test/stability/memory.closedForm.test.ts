// Oracle: autoregressions of order one, xₜ = φ xₜ₋₁ + ε: τ = (1 + φ)/(1 − φ), spectrum σ²/|1 − φ e^(−iω)|²; the mean modulus of normal differences. Seeded.
import { algorithmicStability, autocorrelationTime, timeAverage, welchDensity } from '@hyperribbon/complexity';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

/** T numbers of variance 1 in their stationary state. */
function autoregression(phi: number, T: number, index: number): Float64Array {
  const x = stream({ seed: 11, purpose: 'autoregression', index }).normal(new Float64Array(T));
  for (let t = 1; t < T; t++) x[t] = phi * x[t - 1] + Math.sqrt(1 - phi * phi) * x[t];
  return x;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: readonly number[]): number => {
  const m = mean(values);
  return Math.sqrt(values.reduce((s, x) => s + (x - m) ** 2, 0) / (values.length - 1));
};

describe('autocorrelation time of an autoregression', () => {
  it.each([-0.5, 0, 0.5, 0.9])('of φ = %d is (1 + φ)/(1 − φ), within its own error', (phi) => {
    const found = Array.from({ length: 12 }, (_, i) => autocorrelationTime(autoregression(phi, 20_000, i)));
    // cut at five lags where numbers alternate: 1 + 2 Σ φᵏ falls short of (1 + φ)/(1 − φ)
    const truth = phi < 0 ? 0.3125 : (1 + phi) / (1 - phi);
    const times = found.map(({ time }) => time);
    expect(Math.abs(mean(times) - truth)).toBeLessThan((4 * deviation(times)) / Math.sqrt(12) + 0.01 * truth);
    expect(Math.abs(mean(times) - 1.3 * truth)).toBeGreaterThan((4 * deviation(times)) / Math.sqrt(12));
    // the error that is stated is that which is seen, to what 12 draws can tell
    const stated = mean(found.map(({ standardError }) => standardError));
    expect(deviation(times)).toBeGreaterThan(stated / 3);
    expect(deviation(times)).toBeLessThan(1.8 * stated);
    expect(found.every(({ reliable }) => reliable)).toBe(true);
  });

  it('is not called reliable where the series is short', () => {
    expect(autocorrelationTime(autoregression(0.95, 300, 0)).reliable).toBe(false);
  });
});

describe('errors of time averages', () => {
  it('cover the mean at twice their size in 91 to 99 % of 400 series with memory, where independence would cover half', () => {
    let [covered, naive, agreed] = [0, 0, 0];
    for (let i = 0; i < 400; i++) {
      const x = autoregression(0.8, 1500, i);
      const { mean: m, standardError, halves } = timeAverage(x);
      if (Math.abs(m) <= 2 * standardError) covered++;
      if (Math.abs(m) <= 2 * (deviation([...x]) / Math.sqrt(1500))) naive++;
      if (halves?.agree === true) agreed++;
    }
    expect(covered).toBeGreaterThan(0.91 * 400);
    expect(covered).toBeLessThan(0.99 * 400);
    expect(naive).toBeLessThan(0.65 * 400);
    expect(agreed).toBeGreaterThan(0.98 * 400);
  });

  it('see a drift in the halves', () => {
    const drifting = autoregression(0.8, 1500, 0).map((x, t) => x + t / 400);
    expect(timeAverage(drifting).halves?.agree).toBe(false);
    expect(timeAverage(drifting).notes.join()).toMatch(/halves disagree/);
  });
});

describe('error bars of β̂', () => {
  // A_k = spread · normal + a time average of variance τ/T: E|A − A′| = 2 σ/√π
  const [K, T, phi] = [8, 400, 0.6];
  const simulate = (spread: number): { beta: number; standardError: number; releasedError: number; floor: number }[] =>
    Array.from({ length: 200 }, (_, s) => {
      const offsets = stream({ seed: 5, purpose: 'runs', index: s }).normal(new Float64Array(K));
      const runs = Array.from(offsets, (z, k) => autoregression(phi, T, 1000 + K * s + k).map((x) => spread * z + x));
      const { beta, standardError, releasedError, noiseFloor } = algorithmicStability(runs, { burnIn: 0 });
      return { beta, standardError, releasedError, floor: noiseFloor };
    });
  const varianceOfMean =
    (1 + 2 * Array.from({ length: T - 1 }, (_, k) => (1 - (k + 1) / T) * phi ** (k + 1)).reduce((a, b) => a + b, 0)) /
    T;

  it('that know of dependence cover at twice their size in 90 % of 200 studies; the released ones miss a third', () => {
    const truth = (2 * Math.sqrt(0.3 ** 2 + varianceOfMean)) / Math.sqrt(Math.PI);
    const studies = simulate(0.3);
    const share = (of: (s: (typeof studies)[0]) => number): number =>
      studies.filter((s) => Math.abs(s.beta - truth) <= 2 * of(s)).length / studies.length;
    expect(Math.abs(mean(studies.map(({ beta }) => beta)) - truth)).toBeLessThan(0.03);
    expect(share(({ standardError }) => standardError)).toBeGreaterThan(0.88);
    expect(share(({ releasedError }) => releasedError)).toBeLessThan(0.75);
  });

  it('say what finite time alone would give: β̂ of runs with one average is at its noise floor', () => {
    const studies = simulate(0);
    const floor = mean(studies.map((s) => s.floor));
    const beta = mean(studies.map((s) => s.beta));
    expect(Math.abs(beta / floor - 1)).toBeLessThan(0.12);
    expect(Math.abs(beta - (2 * Math.sqrt(varianceOfMean)) / Math.sqrt(Math.PI))).toBeLessThan(0.05 * beta);
  });
});

describe('Welch’s spectrum', () => {
  it('integrates to the variance, and is that of the autoregression', () => {
    const x = autoregression(0.5, 40_000, 3);
    const { frequencies, density } = welchDensity(x, { segment: 100 });
    const total = density.reduce((sum, p) => sum + p, 0) * frequencies[1];
    expect(Math.abs(total - 1)).toBeLessThan(0.05);
    for (const f of [5, 20, 40]) {
      const omega = 2 * Math.PI * frequencies[f];
      const truth = (2 * 0.75) / (1 - 2 * 0.5 * Math.cos(omega) + 0.25);
      expect(Math.abs(density[f] / truth - 1)).toBeLessThan(0.25);
    }
  });
});
