// A x = λ B x of finite elements and a complex Hermitian operator against SciPy's ARPACK, counted in products and solves.
//
//   node bench/pencils/pencils.mjs [--smoke] [--results DIR] [--python PATH]
//
// Bilinear elements on the square, m × m inner points: the largest eigenvalues of (K, M), and of (M, K), which are the reciprocals of the smallest of (K, M). Ours solves by sine transforms, SciPy by
// its sparse LU. The Hermitian operator is the Laplacian of a grid in a magnetic field with potentials on its sites. Counts do not depend on the load of the machine; ours with tol 1e-8 and every
// claim proven, SciPy with tol 1e-8 and with 0, its default. Values of pencils are compared with closed forms, those of the Hermitian operator with each other. Needs python3 with scipy for the peer.
import { parseArgs } from 'node:util';
import { eigshComplex, fromComplexMatvec } from '@hyperribbon/lanczos/complex';
import { eigshGeneralised, fromMatvec } from '@hyperribbon/lanczos/generalised';
import { here, record, startAll, suiteOptions } from '../contest.mjs';

const { values: options } = parseArgs({
  options: { smoke: suiteOptions.smoke, results: suiteOptions.results, python: suiteOptions.python },
});
const { smoke, results, python } = options;
const m = smoke ? 12 : 60;
const n = m * m;
const SEEDS = smoke ? 1 : 5;
const FLUX = 0.37;
const h = 1 / (m + 1);

/** a on the diagonal and b beside it, along rows (stride 1) or columns (stride m) of the grid. */
function along(x, a, b, stride) {
  const out = new Float64Array(n);
  for (let p = 0; p < n; p++) {
    const at = stride === 1 ? p % m : Math.floor(p / m);
    out[p] = a * x[p] + b * ((at > 0 ? x[p - stride] : 0) + (at < m - 1 ? x[p + stride] : 0));
  }
  return out;
}
const mass = (x, stride) => along(x, (4 * h) / 6, h / 6, stride);
const stiffness = (x, stride) => along(x, 2 / h, -1 / h, stride);
const K = (x) => {
  const [y, z] = [mass(stiffness(x, 1), m), stiffness(mass(x, 1), m)];
  return y.map((value, p) => value + z[p]);
};
const M = (x) => mass(mass(x, 1), m);
const cosines = Float64Array.from({ length: m }, (_, i) => Math.cos(Math.PI * (i + 1) * h));
const masses = cosines.map((c) => (h * (4 + 2 * c)) / 6);
const stiffnesses = cosines.map((c) => (2 - 2 * c) / h);
const sines = Float64Array.from(
  { length: n },
  (_, p) => Math.sqrt(2 * h) * Math.sin(Math.PI * (Math.floor(p / m) + 1) * ((p % m) + 1) * h),
);
const times = (x, y) => {
  const z = new Float64Array(n);
  for (let i = 0; i < m; i++)
    for (let l = 0; l < m; l++) for (let j = 0, a = x[i * m + l]; j < m; j++) z[i * m + j] += a * y[l * m + j];
  return z;
};
const transform = (x) => times(times(sines, x), sines);
const byModes = (of) => (b) => transform(transform(b).map((value, p) => value / of(Math.floor(p / m), p % m)));
const massOf = (i, j) => masses[i] * masses[j];
const stiffnessOf = (i, j) => masses[i] * stiffnesses[j] + stiffnesses[i] * masses[j];
const exact = (of) => Array.from({ length: n }, (_, p) => of(Math.floor(p / m), p % m)).toSorted((a, b) => b - a);

const field = fromComplexMatvec(n, (x, out) => {
  for (let p = 0; p < n; p++) {
    const potential = 4 + 4 * Math.sin(p * p + 1);
    out[2 * p] = potential * x[2 * p];
    out[2 * p + 1] = potential * x[2 * p + 1];
  }
  const link = (p, q, phase) => {
    const [c, s] = [Math.cos(phase), Math.sin(phase)];
    out[2 * q] -= c * x[2 * p] - s * x[2 * p + 1];
    out[2 * q + 1] -= c * x[2 * p + 1] + s * x[2 * p];
    out[2 * p] -= c * x[2 * q] + s * x[2 * q + 1];
    out[2 * p + 1] -= c * x[2 * q + 1] - s * x[2 * q];
  };
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++) {
      const p = i * m + j;
      if (j + 1 < m) link(p, p + 1, 0);
      if (i + 1 < m) link(p, p + m, FLUX * j);
    }
});

const problems = [
  {
    name: 'largest',
    title: 'largest of (K, M)',
    k: 8,
    truth: exact((i, j) => stiffnessOf(i, j) / massOf(i, j)),
    solve: (seed) =>
      eigshGeneralised(fromMatvec(n, K), { product: fromMatvec(n, M), solve: byModes(massOf) }, { k: 8, seed }),
  },
  {
    name: 'smallest',
    title: 'smallest of (K, M) as largest of (M, K)',
    k: 8,
    truth: exact((i, j) => massOf(i, j) / stiffnessOf(i, j)),
    solve: (seed) =>
      eigshGeneralised(fromMatvec(n, M), { product: fromMatvec(n, K), solve: byModes(stiffnessOf) }, { k: 8, seed }),
  },
  ...['LA', 'SA'].map((which) => ({
    name: 'magnetic',
    title: `Hermitian, ${which}`,
    k: 8,
    which,
    solve: (seed) => eigshComplex(field, { k: 8, which, seed }),
  })),
];
const [peer] = await startAll([{ name: 'SciPy', command: [python, `${here}contestants/pencil_scipy.py`] }]);
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const rows = [];
for (const { name, title, k, which, truth, solve } of problems) {
  const ours = [];
  for (let seed = 0; seed < SEEDS; seed++) ours.push(await solve(seed));
  const asked = { name, m, k, which, flux: FLUX };
  const theirs = {};
  for (const tol of peer === undefined ? [] : [1e-8, 0])
    for (let seed = 0; seed < SEEDS; seed++)
      (theirs[tol] ??= []).push(await peer.ask(JSON.stringify({ ...asked, seed, tol })));
  const reference = truth ?? theirs[0]?.[0].values;
  const apart = (values) =>
    reference === undefined
      ? null
      : Math.max(...Array.from(values, (value, i) => Math.abs(value - reference[i]))) / Math.abs(ours[0].norm);
  const row = {
    title,
    k,
    order: n,
    products: median(ours.map(({ matvecs }) => matvecs)),
    solves: median(ours.map(({ solves = 0 }) => solves)),
    metricProducts: median(ours.map(({ products = 0 }) => products)),
    converged: ours.every(({ converged }) => converged),
    apart: Math.max(...ours.map(({ values }) => apart(values))),
    peer: Object.fromEntries(
      Object.entries(theirs).map(([tol, list]) => [
        tol,
        {
          products: median(list.map(({ products }) => products)),
          solves: median(list.map(({ solves }) => solves)),
          apart: Math.max(...list.map(({ values }) => apart(values))),
        },
      ]),
    ),
  };
  rows.push(row);
  console.log(
    `${title.padEnd(42)} ours ${row.products} products, ${row.solves} solves, off by ${row.apart?.toExponential(1)}` +
      Object.entries(row.peer)
        .map(
          ([tol, { products, solves, apart: off }]) =>
            `; SciPy (tol ${tol}) ${products}, ${solves}, ${off?.toExponential(1)}`,
        )
        .join(''),
  );
  if (!row.converged) throw new Error(`${title}: not converged`);
}
peer?.stop();
record('pencils', { m, seeds: SEEDS, versions: { SciPy: peer?.hello.version ?? null }, rows }, { results, smoke });
