// Oracle: simulated posteriors whose risk is known, and what verification must say about them.
import { stream } from '@hyperribbon/random';
import {
  detectableRisk,
  issueCertificate,
  klInverseUpper,
  monteCarloLimit,
  verifyCertificate,
  weightsDigest,
  type Examine,
  type Remeasure,
} from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { forge, request } from './fixture.js';

/** Examples of very different difficulty, mean risk 0.02. */
const n = 30000;
const risks = Float64Array.from({ length: n }, (_, i) => (i % 10 === 0 ? 0.155 : i % 10 === 1 ? 0.045 : 0));

function draw(seed: number, purpose: string, passes: number, factor = 1): number {
  let errors = 0;
  const u = new Float64Array(n);
  for (let pass = 0; pass < passes; pass++) {
    stream({ seed, purpose, index: pass }).uniform(u);
    for (let i = 0; i < n; i++) if (u[i] < factor * risks[i]) errors++;
  }
  return errors;
}
const remeasure =
  (factor = 1): Remeasure =>
  (_certificate, { seed, purpose, passes }) => ({
    mean: draw(seed, purpose, passes, factor) / (n * passes),
    units: n * passes,
  });

const passes = 5;
const drawnRisk = { kind: 'drawn', scheme: 'per-example', delta: 0.01, seed: 3, purpose: 'certify' } as const;
const weights = { mean: Float32Array.of(1, 2, 3), std: Float32Array.of(0.1, 0.2, 0.3) };
const honest = issueCertificate({
  ...request,
  risk: {
    kind: 'drawn',
    scheme: 'per-example',
    passes,
    errors: draw(3, 'certify', passes),
    delta: 0.01,
    seed: 3,
    purpose: 'certify',
  },
  posterior: {
    description: 'simulated',
    saw: ['bound'],
    weights: Object.entries(weights).map(([name, array]) => ({ name, digest: weightsDigest(array) })),
  },
});

describe('fresh draws', () => {
  it('agree with an honest certificate for every seed tried', async () => {
    for (let seed = 0; seed < 8; seed++) {
      const { verdict, remeasured, checked } = await verifyCertificate(honest, { remeasure: remeasure(), seed });
      expect(verdict).toBe('incomplete');
      expect(remeasured!.units).toBe(n * passes);
      expect(remeasured!.interval[0]).toBeLessThan(0.02);
      expect(remeasured!.interval[1]).toBeGreaterThan(0.02);
      expect(checked.at(-1)).toMatch(/fresh draws/);
    }
  });
  it('come from streams of their own: another purpose than the certificate used', async () => {
    let purpose = '';
    await verifyCertificate(honest, {
      remeasure: (c, request) => ((purpose = request.purpose), remeasure()(c, request)),
      seed: 3,
    });
    expect(purpose).toBe('verify');
  });
  it('certify a bound of their own: the theorem, deltas and price of the certificate, these draws', async () => {
    for (const seed of [1, 2]) {
      const errors = draw(seed, 'verify', passes);
      const counted: Remeasure = () => ({ mean: errors / (n * passes), units: n * passes, errors });
      const { remeasured } = await verifyCertificate(honest, { remeasure: counted, seed });
      const { theorem, divergence } = honest;
      const limit = monteCarloLimit({ errors, trials: n * passes }, 0.01);
      const expected = klInverseUpper(limit.upper, (divergence.kl + theorem.penalty) / n);
      expect(Math.abs(remeasured!.bound! / expected - 1)).toBeLessThan(1e-9);
      // another count is another bound
      const more: Remeasure = () => ({ mean: (errors + 200) / (n * passes), units: n * passes, errors: errors + 200 });
      expect((await verifyCertificate(honest, { remeasure: more })).remeasured!.bound).toBeGreaterThan(expected * 1.01);
      // an average of units that are no single answers pays for that
      const averaged = (await verifyCertificate(honest, { remeasure: remeasure(), seed })).remeasured!;
      expect(averaged.bound).toBeGreaterThan(expected);
      expect(averaged.bound! / expected - 1).toBeLessThan(0.01);
    }
  });
  it('use a KL that was found larger than the recorded one', async () => {
    const examine: Examine = () =>
      Promise.resolve({ covered: [], open: {}, kl: 2 * honest.divergence.kl, remeasure: remeasure() });
    const { remeasured, verdict } = await verifyCertificate(honest, { examine, seed: 1 });
    expect(verdict).toBe('incomplete');
    const plain = await verifyCertificate(honest, { remeasure: remeasure(), seed: 1 });
    expect(remeasured!.bound).toBeGreaterThan(plain.remeasured!.bound! * 1.02);
  });
  it('refuse what detectableRisk says, as often as it says', async () => {
    // ten passes against ten, the risk written as small as is still refused, by simulated means
    const units = 10 * n;
    const random = stream({ seed: 4, purpose: 'test/detection' });
    const z = random.normal(new Float64Array(200));
    const refusedAt = async (mean: number): Promise<number> => {
      const written = issueCertificate({
        ...request,
        risk: { ...drawnRisk, passes: 10, errors: Math.round(mean * units) },
      });
      let refused = 0;
      for (const noise of z) {
        const fresh = 0.02 + noise * Math.sqrt((0.02 * 0.98) / units);
        const { reasons } = await verifyCertificate(written, { remeasure: () => ({ mean: fresh, units }) });
        if (reasons.some(({ code }) => code === 'risk-differs')) refused++;
      }
      return refused / z.length;
    };
    const told = detectableRisk(0.02, units);
    expect(told).toBeGreaterThan(0.015);
    expect(told).toBeLessThan(0.02);
    expect(await refusedAt(told)).toBeGreaterThanOrEqual(0.99);
    // half way to the truth it is as good as never seen
    expect(await refusedAt((told + 0.02) / 2)).toBeLessThan(0.5);
    expect(detectableRisk(0.02, 500)).toBe(0);
    // the table of docs/theory/certificates.md
    const table = [
      [0.01, 0, 0.0008, 0.006, 0.0082],
      [0.03, 0, 0.0107, 0.0228, 0.0268],
      [0.1, 0.0091, 0.0619, 0.087, 0.0943],
      [0.3, 0.122, 0.2377, 0.2798, 0.2913],
    ];
    for (const [risk, ...stated] of table)
      [1000, 10_000, 100_000, 550_000].forEach((draws, i) => {
        expect(Math.floor(1e4 * detectableRisk(risk, draws)) / 1e4).toBeCloseTo(stated[i], 10);
      });
    // and of docs/guide/first-analysis.md
    const shown = [2000, 20_000, 200_000].map((draws) => Math.floor(1e4 * detectableRisk(0.05, draws)) / 1e4);
    expect(shown).toEqual([0.0042, 0.0305, 0.0433]);
  });
  it('expose a risk that was written smaller, with limit and bound made to fit', async () => {
    const forged = issueCertificate({
      ...request,
      risk: { ...(request.risk as object), passes, errors: 2000 } as never,
    });
    expect((await verifyCertificate(forged)).verdict).toBe('incomplete');
    const { verdict, reasons } = await verifyCertificate(forged, { remeasure: remeasure() });
    expect(verdict).toBe('refused');
    expect(reasons.map(({ code }) => code)).toEqual(['risk-differs', 'risk-above-limit']);
  });
  it('expose weights that are better or worse than those that were certified', async () => {
    for (const factor of [0.5, 1.5]) {
      const { reasons } = await verifyCertificate(honest, { remeasure: remeasure(factor) });
      expect(reasons.map(({ code }) => code)).toContain('risk-differs');
    }
  });
  it('with fewer passes see less, and do not refuse what they cannot tell', async () => {
    const { verdict, remeasured } = await verifyCertificate(honest, { remeasure: remeasure(1.05), passes: 1 });
    expect(verdict).toBe('incomplete');
    expect(remeasured!.units).toBe(n);
  });
  it('compare the KL of the weights, if it was computed again', async () => {
    const withKl =
      (kl: number): Remeasure =>
      (c, r) => ({ ...(remeasure()(c, r) as { mean: number; units: number }), kl });
    expect((await verifyCertificate(honest, { remeasure: withKl(honest.divergence.kl) })).verdict).toBe('incomplete');
    const { reasons } = await verifyCertificate(honest, { remeasure: withKl(honest.divergence.kl + 0.01) });
    expect(reasons.map(({ code }) => code)).toEqual(['divergence-differs']);
  });
  it('are not made for an aborted signal, and tell how far they are', async () => {
    const signal = AbortSignal.abort('enough');
    const drawn: number[] = [];
    const told: Remeasure = (c, r) => (r.onProgress?.({ done: 1, of: 2 }), drawn.push(r.seed), remeasure()(c, r));
    await expect(verifyCertificate(honest, { remeasure: told, signal })).rejects.toMatchObject({
      name: 'AbortError',
      cause: 'enough',
    });
    expect(drawn).toEqual([]);
    const seen: number[] = [];
    await verifyCertificate(honest, { remeasure: told, onProgress: ({ done, of }) => seen.push(done / of) });
    expect(seen).toEqual([0.5]);
  });
  it('refuse nonsense from the callback and options out of range', async () => {
    await expect(verifyCertificate(honest, { remeasure: () => ({ mean: NaN, units: 10 }) })).rejects.toThrow(
      /mean that remeasure returns must be in \[0, 1\]/,
    );
    await expect(verifyCertificate(honest, { remeasure: remeasure(), level: 0 })).rejects.toThrow(/level/);
    await expect(verifyCertificate(honest, { remeasure: remeasure(), passes: 0.5 })).rejects.toThrow(/passes/);
    const exact = issueCertificate({ ...request, risk: { kind: 'exact', value: 0.1, how: 'x' } });
    await expect(verifyCertificate(exact, { remeasure: remeasure() })).rejects.toThrow(/exact/);
  });
});

describe('data and weights', () => {
  it('are those of the certificate, or it is refused', async () => {
    const digest = honest.data.splits[1].digest;
    expect((await verifyCertificate(honest, { data: { bound: digest }, weights })).verdict).toBe('incomplete');
    expect((await verifyCertificate(honest, { data: { bound: 'sha256:0' } })).reasons[0].code).toBe('data-differs');
    await expect(verifyCertificate(honest, { data: { test: digest } })).rejects.toThrow(/got "test"/);
    const codes = async (given: Record<string, Float32Array>): Promise<string[]> =>
      (await verifyCertificate(honest, { weights: given })).reasons.map(({ code }) => code);
    expect(await codes({ mean: Float32Array.of(1, 2, 4) })).toEqual(['weights-differ']);
    expect(await codes({ scale: weights.std })).toEqual(['weights-unknown']);
    expect(await codes({ mean: Float32Array.of(1, NaN, 3) })).toEqual(['weights-not-finite', 'weights-differ']);
  });
  it('forged digests of weights do not help against fresh draws', async () => {
    const forged = forge(honest, (d) => {
      d.posterior.weights[0].digest = weightsDigest(Float32Array.of(9));
    });
    expect((await verifyCertificate(forged, { weights: { mean: Float32Array.of(9) } })).verdict).toBe('incomplete');
    expect(
      (await verifyCertificate(forged, { weights, remeasure: remeasure(2) })).reasons.map(({ code }) => code),
    ).toEqual(['weights-differ', 'risk-differs', 'risk-above-limit']);
  });
});
