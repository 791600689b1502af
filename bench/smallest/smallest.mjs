// The smallest singular values, counted in products with A and as many with Aᵀ, against SciPy's svds with ARPACK, and whether the lists are right.
//
//   node bench/smallest/smallest.mjs [--smoke] [--results DIR] [--python PATH]
//
// Counts do not depend on the load of the machine. SciPy gets tol 0, its default: machine precision in AᵀA. The values of both are compared with the closed form, with multiplicity;
// a list is right if all are within 1e-8 ‖A‖. Needs python3 with scipy for the peer.
import { parseArgs } from 'node:util';
import { fromMatvecs, svds } from '@hyperribbon/lanczos/svd';
import { here, record, startAll, suiteOptions } from '../contest.mjs';

const { values: options } = parseArgs({
  options: { smoke: suiteOptions.smoke, results: suiteOptions.results, python: suiteOptions.python },
});
const { smoke, results, python } = options;
const SEEDS = smoke ? 1 : 5;
const [MOST, TOL] = [smoke ? 2000 : 20_000, 1e-8];

/** Differences along the edges of `parts` grids of m × m. */
function grids(m, parts) {
  const [from, to] = [[], []];
  for (let p = 0; p < parts * m * m; p++) {
    const q = p % (m * m);
    if (q % m < m - 1) [from[from.length], to[to.length]] = [p, p + 1];
    if (q < m * m - m) [from[from.length], to[to.length]] = [p, p + m];
  }
  const [a, b] = [Int32Array.from(from), Int32Array.from(to)];
  const line = Float64Array.from({ length: m }, (_, i) => 4 * Math.sin((Math.PI * i) / (2 * m)) ** 2);
  const all = Array.from({ length: parts * m * m }, (_, p) => {
    const q = p % (m * m);
    return Math.sqrt(line[Math.floor(q / m)] + line[q % m]);
  });
  const op = fromMatvecs(a.length, parts * m * m, {
    apply: (x, out) => {
      for (let i = 0; i < a.length; i++) out[i] = x[b[i]] - x[a[i]];
    },
    applyTranspose: (y, out) => {
      out.fill(0);
      for (let i = 0; i < a.length; i++) {
        out[a[i]] -= y[i];
        out[b[i]] += y[i];
      }
    },
  });
  return { op, all };
}

/** Differences along a line of n points. */
function line(n) {
  const op = fromMatvecs(n - 1, n, {
    apply: (x, out) => void out.forEach((_, i) => (out[i] = x[i + 1] - x[i])),
    applyTranspose: (y, out) => void out.forEach((_, i) => (out[i] = (y[i - 1] ?? 0) - (y[i] ?? 0))),
  });
  return { op, all: Array.from({ length: n - 1 }, (_, j) => 2 * Math.sin((Math.PI * (j + 1)) / (2 * n))) };
}

/** Diagonal and taller than wide: values over eight powers of ten. */
function sloppy(n) {
  const all = Array.from({ length: n }, (_, i) => 10 ** ((-8 * i) / n));
  const m = n + Math.floor(n / 2);
  const op = fromMatvecs(m, n, {
    apply: (x, out) => void out.forEach((_, i) => (out[i] = i < n ? all[i] * x[i] : 0)),
    applyTranspose: (y, out) => void out.forEach((_, i) => (out[i] = all[i] * y[i])),
  });
  return { op, all };
}

const side = smoke ? 12 : 60;
const problems = [
  { title: `edges of a grid of ${side} × ${side}`, of: grids(side, 1), k: 6, ask: { name: 'grid', m: side } },
  {
    title: `edges of eight grids of ${side / 3} × ${side / 3}`,
    of: grids(side / 3, 8),
    k: 8,
    ask: { name: 'parts', m: side / 3, parts: 8 },
  },
  { title: 'differences along a line', of: line(smoke ? 60 : 600), k: 4, ask: { name: 'line', m: smoke ? 60 : 600 } },
  { title: 'eight powers of ten', of: sloppy(smoke ? 60 : 600), k: 4, ask: { name: 'sloppy', m: smoke ? 60 : 600 } },
];
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Largest difference from the k smallest, relative to ‖A‖. */
function error(values, all, k) {
  const sorted = (list) => Array.from(list).sort((a, b) => a - b);
  const [listed, wanted] = [sorted(values), sorted(all)];
  return Math.max(...wanted.slice(0, k).map((value, i) => Math.abs((listed[i] ?? Infinity) - value))) / wanted.at(-1);
}

const running = await startAll([{ name: 'SciPy', command: [python, `${here}contestants/smallest_scipy.py`] }]);
const tables = [];
for (const { title, of, k, ask } of problems) {
  const ours = [];
  for (let seed = 0; seed < SEEDS; seed++) {
    const report = await svds(of.op, { k, which: 'SA', seed, tol: TOL, maxMatvecs: MOST });
    const { converged, reason, matvecs, values, completeness, clear } = report;
    const { method } = completeness;
    ours.push({ converged, reason, method, products: matvecs, clear, error: error(values, of.all, k) });
  }
  const peers = {};
  for (const { name, ask: question } of running) {
    peers[name] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      const { missing, products, values, failed } = await question(
        JSON.stringify({ ...ask, k, tol: 0, seed, most: MOST }),
      );
      if (missing !== undefined) throw new Error(`${name}: ${missing}`);
      peers[name].push({ products, failed, error: values === undefined ? undefined : error(values, of.all, k) });
    }
  }
  tables.push({ title, rows: of.op.rows, columns: of.op.columns, k, ours, peers });
  const right = (list) => list.filter((run) => run.error <= TOL && run.converged !== false).length;
  const least = median(ours.map(({ products }) => products));
  console.log(
    `\n${title}, ${of.op.rows} × ${of.op.columns}, k = ${k}: ours ${least} products, right in ${right(ours)} of ${SEEDS} (${ours[0].method}, ${ours[0].reason})`,
  );
  for (const [name, list] of Object.entries(peers))
    console.log(
      `${name}: ${median(list.map(({ products }) => products))} products, right in ${right(list)}, largest error ${Math.max(...list.map((run) => run.error ?? Infinity)).toExponential(1)}`,
    );
}
for (const { stop } of running) stop();
record(
  'smallest',
  { seeds: SEEDS, versions: Object.fromEntries(running.map(({ name, hello }) => [name, hello.version])), tables },
  { results, smoke },
);
