// Thousands of random searches near a number against spectra that are known: node packages/lanczos/test/interior/soak.mjs [runs 2000] [first 0], after a build. It runs in pieces:
// each seed is a problem of its own. A third are searched with solves that are not exact, by errors of 1e-12 to 1e-2: fixed, fresh at every call, not symmetric, of another sigma, rounded to
// float32, stopped early, or blind to one direction. A run is wrong if it is called converged and its list is not that of the k nearest, or if something unlisted lies nearer than it says.
import { eigshNear, fromMatvec } from '../../dist/interior.js';
import { minres } from '../../dist/solve.js';
import { stream } from '@hyperribbon/random';

const [runs, first] = [Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 0)];
const kinds = {
  integers: (n, u) => Array.from({ length: n }, () => Math.floor(u() * 12)),
  uniform: (n, u) => Array.from({ length: n }, () => u() - 0.5),
  sloppy: (n, u) => Array.from({ length: n }, (_, i) => 10 ** (-8 * u() - (i % 3))),
  clusters: (n, u) => Array.from({ length: n }, (_, i) => (i % 5) + 1e-9 * u()),
  pairs: (n) => Array.from({ length: n }, (_, i) => Math.floor(i / 2) + 0.1 * Math.sin(Math.floor(i / 2))),
  grid: (n) => Array.from({ length: n }, (_, i) => 4 * Math.sin((Math.PI * (i + 1)) / (2 * (n + 1))) ** 2),
};

/** Solves with an error. `exact` (b) => x; `of` makes the solve of a function of the eigenvalues. */
const inexact = {
  fixed: (size, { n, exact, normals }) => {
    const [p, q] = [normals(n), normals(n)];
    return (b) => {
      const share = q.reduce((sum, value, i) => sum + value * b[i], 0) / n;
      return exact(b.map((x, i) => x + size * share * p[i]));
    };
  },
  symmetric: (size, { n, exact, normals, reach }) => {
    const p = normals(n);
    return (b) => {
      const share = p.reduce((sum, value, i) => sum + value * b[i], 0) / n;
      return exact(b).map((x, i) => x + size * reach * share * p[i]);
    };
  },
  fresh: (size, { n, exact, normals }) => {
    return (b) => {
      const x = exact(b);
      const most = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / n);
      const e = normals(n);
      return x.map((value, i) => value + size * most * e[i]);
    };
  },
  skew: (size, { exact }) => {
    return (b) => {
      const x = exact(b);
      return x.map((value, i) => value + size * (x[i - 1] ?? 0));
    };
  },
  aside: (size, { by, sigma, reach }) => by((value) => 1 / (value - sigma - size / reach)),
  scaled:
    (size, { exact }) =>
    (b) =>
      exact(b).map((x) => x * (1 + size)),
  float32:
    (_, { exact }) =>
    (b) =>
      Float64Array.from(Float32Array.from(exact(b))),
  early:
    (size, { A, sigma }) =>
    async (b) =>
      (await minres(A, b, { shift: sigma, tol: size, maxMatvecs: 4000 })).x,
  blind: (size, { by, sigma, all, u }) => {
    const one = Math.floor(u() * all.length);
    return by((value, i) => (i === one ? size : 1) / (value - sigma));
  },
};
let [wrong, converged] = [0, 0];
const outcomes = {};
for (let seed = first; seed < first + runs; seed++) {
  const draw = stream({ seed, purpose: 'soak/eigshNear' });
  const one = new Float64Array(1);
  const u = () => {
    draw.uniform(one);
    return one[0];
  };
  const name = Object.keys(kinds)[Math.floor(u() * 6)];
  const n = u() < 0.25 ? 100 + Math.floor(u() * 300) : 3 + Math.floor(u() * 90);
  const scale = u() < 0.1 ? 1e120 : u() < 0.1 ? 1e-120 : 1;
  const all = Float64Array.from(kinds[name](n, u), (x) => x * scale);
  const largest = all.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const sigma = all[Math.floor(u() * n)] + (u() < 0.3 ? 1e-4 : 0.3) * (u() - 0.5) * (largest || 1);
  const k = 1 + Math.floor(u() * Math.min(n, 7));
  // a reflection, so that eigenvectors are not unit vectors
  const h = new Float64Array(n);
  draw.normal(h);
  const size = Math.sqrt(h.reduce((sum, x) => sum + x * x, 0));
  const reflect = (x) => {
    const share = (2 * h.reduce((sum, value, i) => sum + value * x[i], 0)) / size / size;
    return x.map((value, i) => value - share * h[i]);
  };
  const through = (of) => (x) => reflect(reflect(x).map((value, i) => of(all[i], i) * value));
  const plain = (of) => (x) => x.map((value, i) => of(all[i], i) * value);
  const by = u() < 0.2 ? plain : through;
  const A = fromMatvec(
    n,
    by((value) => value),
  );
  const exact = by((value) => 1 / (value - sigma));
  const way = u();
  const kind = way < 1 / 3 ? Object.keys(inexact)[Math.floor(u() * 9)] : undefined;
  const normals = (count) => {
    const list = new Float64Array(count);
    draw.normal(list);
    return list;
  };
  const reach = 1 / all.reduce((least, x) => Math.min(least, Math.abs(x - sigma)), Infinity);
  const error = 10 ** (-12 + 10 * u());
  const given = kind === undefined ? exact : inexact[kind](error, { n, A, exact, normals, by, sigma, reach, all, u });
  const report = await eigshNear(A, {
    k,
    sigma,
    seed,
    ...(way < 2 / 3
      ? { inverse: given, maxMatvecs: 4000 }
      : { solver: ['auto', 'filter', 'filter', 'square', 'minres'][Math.floor(u() * 5)], maxMatvecs: 20_000 }),
    denseBelow: u() < 0.5 ? 0 : 1024,
  }).catch((failure) => {
    // a solve that overflows is refused
    if (kind === undefined || failure.name !== 'NonFiniteError') throw failure;
    return { method: 'inverse', reason: failure.name, converged: false };
  });
  const tally = (outcomes[kind ?? report.method] ??= {});
  tally[report.reason] = (tally[report.reason] ?? 0) + 1;
  if (!report.converged) continue;
  converged += 1;
  const distance = Array.from(all, (x) => Math.abs(x - sigma)).sort((a, b) => a - b);
  const listed = Array.from(report.values, (x) => Math.abs(x - sigma)).sort((a, b) => a - b);
  // as much as is promised, and rounding of sigma
  const slack = 4e-8 * largest + 1e-12 * Math.abs(sigma);
  const off = listed.some((d, i) => Math.abs(d - distance[i]) > slack);
  const multiplicity = report.values.some(
    (value) =>
      report.values.filter((other) => Math.abs(other - value) <= slack).length >
      all.filter((other) => Math.abs(other - value) <= 3 * slack).length,
  );
  const nearer = k < n && report.clear > distance[k] * (1 + 1e-9) + slack;
  if (off || multiplicity || nearer) {
    wrong += 1;
    console.log(
      `wrong: seed ${seed}, ${name}, n ${n}, k ${k}, sigma ${sigma}, ${report.method}, ${kind} ${error}`,
      { off, multiplicity, nearer },
      listed,
      distance.slice(0, k + 1),
      report.clear,
    );
  }
}
console.log(JSON.stringify(outcomes));
console.log(`${wrong} wrong of ${runs} runs, ${converged} converged`);
process.exit(wrong === 0 ? 0 : 1);
