// Matrices whose spectra are hard to count: of low rank, with values repeated exactly or nearly, of graphs, of integers. The same for a seed in every run.
import { stream } from '@hyperribbon/random';

export interface Structured {
  readonly n: number;
  /** (n, n) symmetric */
  readonly a: Float64Array;
}

type Uniform = () => number;

function fill(n: number, entry: (i: number, j: number) => number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = entry(i, j);
  return a;
}

/** W Wᵀ of (n, r) numbers */
function gram(n: number, r: number, entry: (i: number, q: number) => number): Float64Array {
  const w = Float64Array.from({ length: n * r }, (_, p) => entry(Math.floor(p / r), p % r));
  return fill(n, (i, j) => {
    let s = 0;
    for (let q = 0; q < r; q++) s += w[i * r + q] * w[j * r + q];
    return s;
  });
}

/** H diag(d) H with the reflection H of random signs: eigenvalues d, on no axis */
function hidden(d: Float64Array, u: Uniform): Float64Array {
  const n = d.length;
  const s = Float64Array.from({ length: n }, () => (u() < 0.5 ? -1 : 1));
  const mean = d.reduce((sum, x) => sum + x / n, 0);
  return fill(n, (i, j) => (i === j ? d[i] : 0) - (2 * s[i] * s[j] * (d[i] + d[j] - 2 * mean)) / n);
}

function laplacian(n: number, edges: Iterable<readonly [number, number]>): Float64Array {
  const a = new Float64Array(n * n);
  for (const [i, j] of edges) {
    if (i === j || a[i * n + j] !== 0) continue;
    a[i * n + j] = a[j * n + i] = -1;
    a[i * n + i] += 1;
    a[j * n + j] += 1;
  }
  return a;
}

function* randomEdges(n: number, count: number, u: Uniform): Generator<readonly [number, number]> {
  for (let e = 0; e < count; e++) yield [Math.floor(n * u()), Math.floor(n * u())];
}

/** name → matrix of order n */
export const structured: Record<string, (n: number, u: Uniform) => Float64Array> = {
  'integers of low rank': (n, u) => gram(n, 1 + Math.floor(6 * u()), () => Math.floor(5 * u()) - 2),
  'low rank and damping': (n, u) => {
    const a = gram(n, 1 + Math.floor(6 * u()), () => u() - 0.5);
    const damping = [1, 0.1, 1e-3, 1e-6][Math.floor(4 * u())];
    for (let i = 0; i < n; i++) a[i * n + i] += damping;
    return a;
  },
  'groups of rows': (n, u) => {
    const parts = 2 + Math.floor(5 * u());
    const [same, other] = [u(), u()];
    return fill(n, (i, j) => (i % parts === j % parts ? same : other));
  },
  'repeated rows': (n, u) => {
    const few = 2 + Math.floor(4 * u());
    const w = Float64Array.from({ length: few * 6 }, () => Math.floor(7 * u()) - 3);
    return gram(n, 6, (i, q) => w[(i % few) * 6 + q]);
  },
  'one-hot': (n, u) => {
    const classes = 2 + Math.floor(9 * u());
    const of = Array.from({ length: n }, () => Math.floor(classes * u()));
    return fill(n, (i, j) => (of[i] === of[j] ? 1 : 0));
  },
  'a star or a few': (n, u) => {
    const centers = 1 + Math.floor(3 * u());
    return laplacian(
      n,
      Array.from({ length: n - centers }, (_, i) => [i % centers, centers + i] as const),
    );
  },
  'random graph': (n, u) => laplacian(n, randomEdges(n, Math.floor(n * (1 + 4 * u())), u)),
  'disjoint cycles': (n, u) => {
    const length = 4 + Math.floor(12 * u());
    return laplacian(
      n - (n % length),
      Array.from(
        { length: n - (n % length) },
        (_, i) => [i, i % length === length - 1 ? i + 1 - length : i + 1] as const,
      ),
    );
  },
  'integer spectrum': (n, u) => {
    const most = 1 + Math.floor(9 * u());
    return hidden(
      Float64Array.from({ length: n }, () => Math.floor((2 * most + 1) * u()) - most),
      u,
    );
  },
  'glued Wilkinson': (n, u) => {
    const glue = [1e-3, 1e-6, 1e-8, 1e-14][Math.floor(4 * u())];
    return fill(n - (n % 21), (i, j) => (i === j ? Math.abs(10 - (i % 21)) : i - j > 1 ? 0 : i % 21 === 0 ? glue : 1));
  },
  clusters: (n, u) => {
    const width = [1e-3, 1e-7, 1e-12][Math.floor(3 * u())];
    const centers = 2 + Math.floor(6 * u());
    return hidden(
      Float64Array.from({ length: n }, () => Math.floor(centers * u()) + width * u()),
      u,
    );
  },
};

/** The matrix of a family and a seed, of order 60 to 260. */
export function structuredMatrix(name: string, seed: number): Structured {
  const numbers = stream({ seed, purpose: 'estimate', index: Object.keys(structured).indexOf(name) }).uniform(
    new Float64Array(6000),
  );
  let at = 0;
  const u: Uniform = () => numbers[at++ % numbers.length];
  const a = structured[name](60 + Math.floor(201 * u()), u);
  return { n: Math.round(Math.sqrt(a.length)), a };
}

/** The k wanted ones of all eigenvalues, descending: magnitudes for LM. */
export function wantedOf(all: Float64Array, which: string, k: number): number[] {
  if (which === 'LA') return Array.from(all.slice(0, k));
  if (which === 'SA') return Array.from(all.slice(-k));
  if (which === 'BE') return [...all.slice(0, Math.ceil(k / 2)), ...all.slice(all.length - Math.floor(k / 2))];
  return Array.from(all, Math.abs)
    .sort((x, y) => y - x)
    .slice(0, k);
}
