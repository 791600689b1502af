// Small random symmetric matrices, and every estimate of this package with what it should hold: for the share of intervals that do.
import { fromDense, type LinearOperator } from '@hyperribbon/linop';
import { eigh } from '@hyperribbon/lanczos';
import { spectralDensity, DomainError } from '@hyperribbon/lanczos/density';
import {
  eigenvalueCount,
  estimateDiagonal,
  estimateEffectiveDimension,
  estimateTrace,
  logdet,
  schattenNorm,
} from '@hyperribbon/lanczos/trace';
import { stream } from '@hyperribbon/random';

export interface SmallMatrix {
  readonly name: string;
  readonly n: number;
  readonly a: Float64Array;
}

type Random = () => number;

function symmetric(n: number, entry: (i: number, j: number) => number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = entry(i, j);
  return a;
}

function gram(n: number, r: number, entry: Random): Float64Array {
  const w = Float64Array.from({ length: n * r }, entry);
  return symmetric(n, (i, j) => {
    let s = 0;
    for (let q = 0; q < r; q++) s += w[i * r + q] * w[j * r + q];
    return s;
  });
}

/** name → matrix of order n from uniform numbers in [0, 1) */
const families: Record<string, (n: number, u: Random) => Float64Array> = {
  normal: (n, u) => symmetric(n, () => normal(u)),
  wishart: (n, u) => gram(n, n + 2, () => normal(u)),
  'low rank': (n, u) => gram(n, 1 + Math.floor((n / 2) * u()), () => normal(u)),
  integers: (n, u) => symmetric(n, () => Math.floor(5 * u()) - 2),
  signs: (n, u) => gram(n, 1 + Math.floor(n * u()), () => (u() < 0.5 ? -1 : 1)),
  'pairs of coupled columns': (n) => symmetric(n, (i, j) => (j === i - 1 && i % 2 === 1 ? 1 : 0)),
  'one coupling': (n, u) => symmetric(n, (i, j) => (i === j ? u() : i === n - 1 && j === 0 ? 3 : 0)),
  graph: (n, u) =>
    laplacian(
      symmetric(n, (i, j) => (i !== j && u() < 0.4 ? 1 : 0)),
      n,
    ),
  diagonal: (n, u) => symmetric(n, (i, j) => (i === j ? Math.floor(9 * u()) - 2 : 0)),
  ones: (n) => symmetric(n, () => 1),
  decaying: (n, u) => {
    const w = gram(n, n, () => normal(u));
    return symmetric(n, (i, j) => w[i * n + j] * 2 ** (-(i + j) / 2));
  },
};

function normal(u: Random): number {
  return Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u());
}

function laplacian(adjacent: Float64Array, n: number): Float64Array {
  return symmetric(n, (i, j) => {
    if (i !== j) return -adjacent[i * n + j];
    return adjacent.subarray(i * n, (i + 1) * n).reduce((sum, x) => sum + x, 0);
  });
}

/** The matrix of that number, of order 2 to 30: another family each, the same in every run. */
export function smallMatrix(index: number, scale = 1): SmallMatrix {
  const numbers = stream({ seed: index, purpose: 'estimate' }).uniform(new Float64Array(4096));
  let at = 0;
  const u: Random = () => numbers[at++ % 4096];
  const n = 2 + Math.floor(29 * u());
  const names = Object.keys(families);
  const name = names[index % names.length];
  return { name, n, a: families[name](n, u).map((x) => x * scale) };
}

/** Intervals and what they should hold. */
export interface Outcome {
  readonly low: number;
  readonly high: number;
  readonly exact: number;
  /** of what is rounding */
  readonly size: number;
}

type Interval = { readonly low: number; readonly high: number };

/** name → intervals of one run at a seed; [] where the question does not suit the matrix. */
export const estimators: Record<string, (m: SmallMatrix, seed: number) => Promise<Outcome[]>> = {};

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((s, x) => s + x, 0);
const op = ({ a, n }: SmallMatrix): LinearOperator => fromDense(a, n);
const spectrum = ({ a, n }: SmallMatrix): Float64Array => eigh(a, n).values;
const one = ({ low, high }: Interval, terms: readonly number[]): Outcome[] => [
  { low, high, exact: sum(terms), size: sum(terms.map(Math.abs)) },
];
const diagonalOf = ({ a, n }: SmallMatrix): number[] => Array.from({ length: n }, (_, i) => a[i * (n + 1)]);

for (const samples of [2, 3, 4, 6, 8, 12, 30]) {
  for (const distribution of ['rademacher', 'gaussian', 'sphere'] as const)
    estimators[`hutchinson ${distribution} ${samples}`] = async (m, seed) =>
      one(await estimateTrace(op(m), { samples, seed, distribution }), diagonalOf(m));
  for (const [method, least] of [
    ['hutch++', 6],
    ['xtrace', 4],
  ] as const)
    if (samples >= least)
      estimators[`${method} ${samples}`] = async (m, seed) =>
        one(await estimateTrace(op(m), { method, samples, seed }), diagonalOf(m));
  for (const method of ['hutchinson', 'xdiag'] as const)
    if (samples >= (method === 'xdiag' ? 4 : 2))
      estimators[`diagonal ${method} ${samples}`] = async (m, seed) => {
        const { low, high } = await estimateDiagonal(op(m), { method, samples, seed });
        return diagonalOf(m).map((exact, i) => ({ low: low[i], high: high[i], exact, size: Math.abs(exact) }));
      };
}
const shortened = [undefined, { steps: 3, probes: 6 }, { steps: 6, probes: 10 }];
for (const options of shortened) {
  const how = options === undefined ? '' : ` ${options.steps} × ${options.probes}`;
  const square = (x: number): number => x * x;
  const bounded = (x: number): number => x / (1 + Math.abs(x));
  estimators[`eigenvalueCount${how}`] = async (m, seed) => {
    const values = Array.from(spectrum(m));
    const eps = 1e-14 * Math.max(...values.map(Math.abs));
    const ends = [values[Math.floor(m.n / 2)], 0, (values[0] + values[m.n - 1]) / 2 + 1e-3];
    const outcomes: Outcome[] = [];
    for (const a of ends) {
      const { low, high } = await eigenvalueCount(op(m), a, Infinity, { ...options, seed });
      // eigenvalues at the end do not lie beyond it
      outcomes.push({ low, high, exact: values.filter((x) => x > a + eps).length, size: m.n });
    }
    return outcomes;
  };
  estimators[`spectralDensity x²${how}`] = async (m, seed) =>
    one((await spectralDensity(op(m), { ...options, seed })).trace(square), Array.from(spectrum(m), square));
  estimators[`spectralDensity cdf${how}`] = async (m, seed) => {
    const values = spectrum(m);
    const at = (values[0] + values[m.n - 1]) / 2 + 1e-3;
    const { low, high } = (await spectralDensity(op(m), { ...options, seed })).cdf([at]);
    return [{ low: low[0], high: high[0], exact: values.filter((x) => x <= at).length / m.n, size: 1 }];
  };
  estimators[`trace of f${how}`] = async (m, seed) =>
    one(
      await estimateTrace(op(m), {
        f: bounded,
        seed,
        ...(options && { steps: options.steps, samples: options.probes }),
      }),
      Array.from(spectrum(m), bounded),
    );
  estimators[`effective dimension${how}`] = async (m, seed) => {
    const values = Array.from(spectrum(m));
    if (values[m.n - 1] < -1e-9 * values[0]) return [];
    const terms = values.map((x) => x / (x + 0.5));
    return one(await estimateEffectiveDimension(op(m), 0.5, { ...options, seed }), terms);
  };
  estimators[`schattenNorm${how}`] = async (m, seed) =>
    one(await schattenNorm(op(m), 1.5, { ...options, seed }), [
      sum(spectrum(m).map((x) => Math.abs(x) ** 1.5)) ** (1 / 1.5),
    ]);
  estimators[`logdet${how}`] = async (m, seed) => {
    const values = Array.from(spectrum(m));
    const singular = values[m.n - 1] <= 1e-14 * Math.max(...values.map(Math.abs));
    const run = logdet(op(m), { ...options, seed });
    // ln det A of a matrix that is not positive definite is −∞ or nothing: an error, or an interval without a lower end
    if (singular) {
      const found = await run.catch((error: unknown) =>
        error instanceof DomainError ? { low: -Infinity, high: 0 } : Promise.reject(error),
      );
      return [{ low: found.low, high: 0, exact: found.low === -Infinity ? 0 : -1e300, size: 1 }];
    }
    return one(await run, values.map(Math.log));
  };
}

/** What a series of matrices gave for one estimator. */
export interface Share {
  readonly name: string;
  readonly intervals: number;
  readonly held: number;
  /** of no width around a wrong value */
  readonly points: number;
  /** matrices whose interval missed, by family */
  readonly missed: Record<string, number>;
}

/** Share of intervals that hold what they should, over matrices first .. first + count − 1; of intervals `stretch` times as long, for controls. */
export async function shareOf(name: string, first: number, count: number, stretch = 1): Promise<Share> {
  let [intervals, held, points] = [0, 0, 0];
  const missed: Record<string, number> = {};
  for (let index = first; index < first + count; index++) {
    const m = smallMatrix(index);
    for (const { low, high, exact, size } of await estimators[name](m, index)) {
      intervals++;
      const rounding = 1e-13 * size + (stretch === 1 ? 0 : ((stretch - 1) * (high - low)) / 2);
      if (low - rounding <= exact && exact <= high + rounding) {
        held++;
        continue;
      }
      missed[m.name] = (missed[m.name] ?? 0) + 1;
      if (!(high - low > 1e-12 * size)) points++;
    }
  }
  return { name, intervals, held, points, missed };
}
