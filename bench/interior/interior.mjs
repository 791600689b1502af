// Eigenvalues near a number: with a solve, counted in solves, against SciPy's ARPACK in shift-invert mode; and with products alone, counted in those, by the ways that eigshNear has and by ARPACK
// on (A − sigma)², which may take as many products as the way chosen.
//
//   node bench/interior/interior.mjs [--smoke] [--results DIR] [--python PATH]
//
// Counts do not depend on the load of the machine. Both are given solves of A − sigma that are exact to rounding (ours by sine transforms, a closed form or a
// division, SciPy's by its sparse LU or the same closed form); ours with tol 1e-8 · ‖A‖, SciPy with tol 1e-8 and with 0, its default: machine precision. The values of both are
// compared with the closed form: the k nearest with multiplicity. Needs python3 with scipy for the peer.
import { parseArgs } from 'node:util';
import { eigshNear, fromMatvec } from '@hyperribbon/lanczos/interior';
import { here, record, startAll, suiteOptions } from '../contest.mjs';

const { values: options } = parseArgs({
  options: { smoke: suiteOptions.smoke, results: suiteOptions.results, python: suiteOptions.python },
});
const { smoke, results, python } = options;
const m = smoke ? 20 : 100;
const SEEDS = smoke ? 1 : 5;

/** The five-point Laplacian of the m × m grid; the sine transform is its own inverse. */
function grid() {
  const line = Float64Array.from({ length: m }, (_, i) => 4 * Math.sin((Math.PI * (i + 1)) / (2 * (m + 1))) ** 2);
  const sines = Float64Array.from(
    { length: m * m },
    (_, p) => Math.sqrt(2 / (m + 1)) * Math.sin((Math.PI * (Math.floor(p / m) + 1) * ((p % m) + 1)) / (m + 1)),
  );
  const times = (x, y) => {
    const z = new Float64Array(m * m);
    for (let i = 0; i < m; i++)
      for (let l = 0; l < m; l++) for (let j = 0, a = x[i * m + l]; j < m; j++) z[i * m + j] += a * y[l * m + j];
    return z;
  };
  const transform = (x) => times(times(sines, x), sines);
  const all = Float64Array.from({ length: m * m }, (_, p) => line[Math.floor(p / m)] + line[p % m]);
  const multiply = (x, out) => {
    for (let p = 0; p < m * m; p++) {
      const [i, j] = [Math.floor(p / m), p % m];
      out[p] =
        4 * x[p] -
        (i > 0 ? x[p - m] : 0) -
        (i < m - 1 ? x[p + m] : 0) -
        (j > 0 ? x[p - 1] : 0) -
        (j < m - 1 ? x[p + 1] : 0);
    }
  };
  const solve = (sigma) => (b) => transform(transform(b).map((value, p) => value / (all[p] - sigma)));
  return { all, multiply, solve };
}

/** min(i, j), whose inverse is a second difference. */
function minij(n) {
  const all = Float64Array.from({ length: n }, (_, i) => 1 / (4 * Math.sin((Math.PI * (i + 0.5)) / (2 * n + 1)) ** 2));
  const multiply = (x, out) => {
    for (let i = n - 1, sum = 0; i >= 0; i--) out[i] = sum += x[i];
    for (let i = 1; i < n; i++) out[i] += out[i - 1];
  };
  const solve = () => (b) => b.map((value, i) => (i < n - 1 ? 2 * value - b[i + 1] : value) - (i > 0 ? b[i - 1] : 0));
  return { all, multiply, solve };
}

/** Diagonal: eigenvalues over ten powers of ten. */
function sloppy(n) {
  const all = Float64Array.from({ length: n }, (_, i) => 10 ** ((-10 * i) / n));
  const multiply = (x, out) => {
    for (let i = 0; i < n; i++) out[i] = all[i] * x[i];
  };
  return { all, multiply, solve: (sigma) => (b) => b.map((value, i) => value / (all[i] - sigma)) };
}

const [laplacian, sums, slopes] = [grid(), minij(smoke ? 100 : 1234), sloppy(smoke ? 100 : 1500)];
const problems = [
  { name: 'grid', title: `grid ${m} × ${m}`, of: laplacian, k: 10, sigma: 0, gate: 1.2 },
  { name: 'grid', title: `grid ${m} × ${m}`, of: laplacian, k: 10, sigma: 1.0001, gate: 1.2 },
  { name: 'grid', title: `grid ${m} × ${m}`, of: laplacian, k: 10, sigma: 2.5, gate: 1.2 },
  { name: 'grid', title: `grid ${m} × ${m}`, of: laplacian, k: 10, sigma: 4.01, gate: 1.2 },
  { name: 'minij', title: 'min(i, j)', of: sums, k: 8, sigma: 0 },
  { name: 'sloppy', title: 'sloppy', of: slopes, k: 8, sigma: 0 },
];
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Largest difference between the distances of the listed from sigma and those of the nearest, relative to ‖A‖. */
function error(values, { all }, k, sigma) {
  const distances = (list) => Array.from(list, (value) => Math.abs(value - sigma)).toSorted((a, b) => a - b);
  const [listed, wanted] = [distances(values), distances(all)];
  const norm = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.max(...wanted.slice(0, k).map((distance, i) => Math.abs((listed[i] ?? Infinity) - distance) / norm));
}

const running = await startAll([
  { name: 'SciPy', command: [python, `${here}contestants/interior_scipy.py`, String(m)] },
]);
const tables = [];
for (const { name, title, of, k, sigma, gate } of problems) {
  const n = of.all.length;
  const A = fromMatvec(n, of.multiply);
  const ours = [];
  for (let seed = 0; seed < SEEDS; seed++) {
    const report = await eigshNear(A, { k, sigma, inverse: of.solve(sigma), seed });
    const { converged, reason, solves, matvecs, values } = report;
    ours.push({ converged, reason, solves, matvecs, error: error(values, of, k, sigma) });
  }
  const peers = {};
  for (const { name: peer, ask } of running)
    for (const tol of [0, 1e-8]) {
      const counts = [];
      for (let seed = 0; seed < SEEDS; seed++) {
        const answer = await ask(JSON.stringify({ name, n, k, sigma, tol, seed }));
        if (answer.missing !== undefined) throw new Error(`${peer}: ${answer.missing}`);
        const { solves, values } = answer;
        counts.push({ solves, error: values === undefined ? undefined : error(values, of, k, sigma) });
      }
      peers[`${peer}, tol ${tol}`] = counts;
    }
  const least = median(ours.map(({ solves }) => solves));
  const over = Object.fromEntries(
    Object.entries(peers).map(([peer, list]) => [peer, least / median(list.map(({ solves }) => solves))]),
  );
  tables.push({ title, n, k, sigma, ours, peers, oursOverPeer: over, ...(gate === undefined ? {} : { gate }) });
  const right = ours.filter((run) => run.converged && run.error <= 1e-8).length;
  console.log(`\n${title}, n = ${n}, k = ${k}, sigma = ${sigma}: ours ${least} solves, right in ${right} of ${SEEDS}`);
  for (const [peer, list] of Object.entries(peers)) {
    const missed = list.filter((run) => !(run.error <= 1e-8)).length;
    console.log(
      `${peer}: ${median(list.map(({ solves }) => solves))} solves, not right in ${missed}; ours takes ${over[peer].toFixed(2)} ×`,
    );
  }
}

// without a solve: others may take as many products as 'auto', and 20,000 at least
const tall = smoke ? 100 : 1500;
const ring = {
  all: Float64Array.from({ length: tall }, (_, i) => 4 * Math.sin((Math.PI * i) / tall) ** 2),
  multiply: (x, out) => {
    for (let i = 0; i < tall; i++) out[i] = 2 * x[i] - x[(i + tall - 1) % tall] - x[(i + 1) % tall];
  },
};
const alone = [
  { name: 'grid', title: `grid ${m} × ${m}`, of: laplacian, k: 10, sigma: 0 },
  { name: 'grid', title: `grid ${m} × ${m}`, of: laplacian, k: 10, sigma: 1.0001 },
  { name: 'grid', title: `grid ${m} × ${m}`, of: laplacian, k: 10, sigma: 2.5 },
  { name: 'grid', title: `grid ${m} × ${m}`, of: laplacian, k: 10, sigma: 4.01 },
  { name: 'cycle', title: 'cycle', of: ring, k: 8, sigma: -1e-3 },
  { name: 'cycle', title: 'cycle', of: ring, k: 6, sigma: 1.234 },
  { name: 'minij', title: 'min(i, j)', of: sums, k: 8, sigma: 0 },
  { name: 'minij', title: 'min(i, j)', of: sums, k: 4, sigma: 3000 },
  { name: 'sloppy', title: 'sloppy', of: slopes, k: 8, sigma: 0 },
  { name: 'sloppy', title: 'sloppy', of: slopes, k: 5, sigma: 0.3 },
];
const without = [];
for (const { name, title, of, k, sigma } of alone) {
  const n = of.all.length;
  const A = fromMatvec(n, of.multiply);
  const ours = {};
  let most = smoke ? 20_000 : 200_000;
  for (const solver of ['auto', 'square', 'minres']) {
    const report = await eigshNear(A, { k, sigma, solver, maxMatvecs: most, denseBelow: 0 });
    const { converged, reason, method, degree, matvecs, values } = report;
    ours[solver] = { converged, reason, method, degree, matvecs, error: error(values, of, k, sigma) };
    if (solver === 'auto') most = Math.max(20_000, matvecs);
  }
  const peers = {};
  for (const { name: peer, ask } of running) {
    const { products, values } = await ask(JSON.stringify({ name, n, k, sigma, tol: 1e-12, seed: 0, most }));
    peers[`${peer}, (A − sigma)²`] = { matvecs: products, error: values && error(values, of, k, sigma) };
  }
  without.push({ title, n, k, sigma, ours, peers });
  console.log(`\n${title}, n = ${n}, k = ${k}, sigma = ${sigma}, products alone`);
  for (const [way, run] of [...Object.entries(ours), ...Object.entries(peers)]) {
    const right = run.error <= 1e-8 ? 'right' : run.error === undefined ? 'nothing' : 'not right';
    console.log(`${way}: ${run.matvecs} products, ${run.reason ?? ''} ${run.method ?? ''} ${right}`);
  }
}
for (const { stop } of running) stop();
const versions = Object.fromEntries(running.map(({ name, hello }) => [name, hello.version]));
record('interior', { seeds: SEEDS, versions, tables, without }, { results, smoke });
