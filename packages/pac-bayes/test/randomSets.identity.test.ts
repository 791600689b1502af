// Oracle: simulation. Random finite classes, random losses of three levels, Gibbs posteriors: no bound may fail more often than delta.
// Weak by nature (most bounds fail far less often than they may); tables and relations decide, this catches gross mistakes.
import { stream } from '@hyperribbon/random';
import {
  catoniBound,
  klBound,
  mcAllesterBound,
  quadraticBound,
  splitKlBound,
  thiemannBound,
  tolstikhinSeldinBound,
  unexpectedBernsteinBound,
  type BoundRecord,
} from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';

const SETS = Number(process.env['HYPERRIBBON_SOAK_SETS'] ?? 600);
const SEED = Number(process.env['HYPERRIBBON_SOAK_SEED'] ?? 1);
const levels = [0, 0.5, 1];

interface Outcome {
  readonly risk: number;
  readonly delta: number;
  readonly bounds: Readonly<Record<string, BoundRecord>>;
}

/** One class of K hypotheses with their own laws on {0, 1/2, 1}, one sample of n losses each, one Gibbs posterior. */
function simulate(index: number): Outcome {
  const random = stream({ seed: SEED, purpose: 'random sets', index });
  const u = random.uniform(new Float64Array(5));
  const K = 1 + Math.floor(8 * u[0]);
  const n = 8 + Math.floor(60 * u[1]);
  const delta = 0.02 + 0.4 * u[2];
  const beta = 200 * u[3] * u[3];
  const statistics = Array.from({ length: K }, () => {
    const [a, b] = random.uniform(new Float64Array(2));
    const p1 = a * u[4];
    const half = (1 - p1) * b * b;
    const losses = random.uniform(new Float64Array(n)).map((x) => (x < p1 ? 1 : x < p1 + half ? 0.5 : 0));
    const mean = losses.reduce((s, x) => s + x, 0) / n;
    const square = losses.reduce((s, x) => s + x * x, 0) / n;
    const share = (level: number): number => losses.reduce((s, x) => s + (x === level ? 1 : 0), 0) / n;
    const variance = (n / (n - 1)) * (square - mean * mean);
    return {
      risk: p1 + half / 2,
      mean,
      square,
      variance: Math.max(0, variance),
      one: share(1),
      zero: share(levels[0]),
    };
  });
  const least = Math.min(...statistics.map(({ mean }) => mean));
  const weights = statistics.map(({ mean }) => Math.exp(-beta * (mean - least)));
  const total = weights.reduce((s, w) => s + w, 0);
  const posterior = (of: (h: (typeof statistics)[number]) => number): number =>
    Math.min(
      1,
      statistics.reduce((s, h, i) => s + (weights[i] / total) * of(h), 0),
    );
  const kl = Math.max(
    0,
    weights.reduce((s, w) => s + (w > 0 ? (w / total) * Math.log((w / total) * K) : 0), 0),
  );
  const args = { empirical: posterior((h) => h.mean), kl, n, delta };
  return {
    risk: posterior((h) => h.risk),
    delta,
    bounds: {
      maurer: klBound(args),
      'kl-exact': klBound({ ...args, theorem: 'kl-exact' }),
      'langford-seeger': klBound({ ...args, theorem: 'langford-seeger' }),
      mcallester: mcAllesterBound(args),
      quadratic: quadraticBound(args),
      thiemann: thiemannBound(args),
      catoni: catoniBound({ ...args, constant: [0.25, 0.5, 1, 2, 4] }),
      'tolstikhin-seldin': tolstikhinSeldinBound({ ...args, variance: posterior((h) => h.variance) }),
      'unexpected-bernstein': unexpectedBernsteinBound({ ...args, secondMoment: posterior((h) => h.square) }),
      'split-kl': splitKlBound({
        middle: 0.5,
        above: posterior((h) => h.one),
        below: posterior((h) => h.zero),
        kl,
        n,
        delta,
      }),
    },
  };
}

describe(`gate P5: ${SETS} random sets`, () => {
  const outcomes = Array.from({ length: SETS }, (_, i) => simulate(i));
  const allowed = outcomes.reduce((s, { delta }) => s + delta, 0);
  it.each(Object.keys(outcomes[0].bounds))('%s fails no more often than its delta allows', (name) => {
    const failures = outcomes.filter(({ risk, bounds }) => risk > bounds[name].value).length;
    expect(failures).toBeLessThanOrEqual(allowed);
  });
  it('would see the empirical risk offered as a bound', () => {
    const failures = outcomes.filter(({ risk, bounds }) => risk > bounds['maurer'].ingredients['empirical']).length;
    expect(failures).toBeGreaterThan(allowed);
  });
  it('kl with its exact constant is the smallest of the kl family each time', () => {
    for (const { bounds } of outcomes)
      for (const other of ['maurer', 'mcallester', 'quadratic', 'thiemann', 'langford-seeger'])
        expect(bounds['kl-exact'].value).toBeLessThanOrEqual(bounds[other].value * (1 + 1e-13));
  });
});
