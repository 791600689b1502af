// Thousands of random searches for the smallest singular values, of ranks and of null spaces against spectra that are known: node packages/lanczos/test/svd/soak.mjs [runs 2000] [first 0], after a build.
// A run is wrong if it is called converged and its list is not that of the k smallest, if something unlisted lies below what it says, or if a number of
// values above a threshold is not between those that rank and nullSpace tell.
import { nullSpace, rank } from '../../dist/rank.js';
import { fromMatvecs, svds } from '../../dist/svd.js';
import { stream } from '@hyperribbon/random';

const [runs, first] = [Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 0)];
const kinds = {
  integers: (n, u) => Array.from({ length: n }, () => Math.floor(u() * 9)),
  uniform: (n, u) => Array.from({ length: n }, () => u()),
  sloppy: (n, u) => Array.from({ length: n }, (_, i) => 10 ** (-8 * u() - (i % 3))),
  clusters: (n, u) => Array.from({ length: n }, (_, i) => (i % 4 === 0 ? 1e-6 : 1 + (i % 5)) + 1e-9 * u()),
  gap: (n, u) => Array.from({ length: n }, (_, i) => (i < 3 ? 10 ** (-12 * u()) : 1 + u())),
  nulls: (n, u) => Array.from({ length: n }, (_, i) => (i < 1 + n / 9 ? 0 : 0.1 + u())),
};
/** x less its part along h, twice */
const reflection = (h) => {
  const squares = h.reduce((sum, x) => sum + x * x, 0);
  return (x) => {
    const share = (2 * h.reduce((sum, value, i) => sum + value * x[i], 0)) / squares;
    return Float64Array.from(x, (value, i) => value - share * h[i]);
  };
};
let [wrong, converged, told] = [0, 0, 0];
for (let seed = first; seed < first + runs; seed++) {
  const draw = stream({ seed, purpose: 'soak/svds' });
  const one = new Float64Array(1);
  const u = () => {
    draw.uniform(one);
    return one[0];
  };
  const name = Object.keys(kinds)[Math.floor(u() * 6)];
  const most = u() < 0.1 ? 300 : 90;
  const [m, n] = [2 + Math.floor(u() * most), 2 + Math.floor(u() * most)];
  const p = Math.min(m, n);
  const float32 = u() < 0.2;
  const scale = (u() < 0.2 ? (u() < 0.5 ? 1e30 : 1e-30) : 1) ** (float32 ? 1 : 4);
  const all = Float64Array.from(kinds[name](p, u), (x) => x * scale);
  const largest = all.reduce((most, x) => Math.max(most, x), 0);
  const k = 1 + Math.floor(u() * Math.min(p, 7));
  const [hm, hn] = [new Float64Array(m), new Float64Array(n)];
  draw.normal(hm);
  draw.normal(hn);
  const [left, right] = [reflection(hm), reflection(hn)];
  const middle = (x, length) => Float64Array.from({ length }, (_, i) => (i < p ? all[i] * x[i] : 0));
  const rounded = (x) => (float32 ? Float32Array.from(x) : x);
  const A = fromMatvecs(
    m,
    n,
    {
      apply: (x) => rounded(left(middle(right(x), m))),
      applyTranspose: (y) => rounded(right(middle(left(y), n))),
    },
    { dtype: float32 ? 'float32' : 'float64' },
  );
  const tol = u() < 0.3 ? 1e-4 : float32 ? 1e-5 : 1e-8;
  const report = await svds(A, {
    k,
    which: 'SA',
    seed,
    denseBelow: u() < 0.7 ? 0 : 1024,
    maxMatvecs: 1500,
    tol,
  });
  const sorted = Array.from(all).sort((a, b) => a - b);
  const share = u() < 0.3 ? undefined : 10 ** (-1 - (float32 ? 4 : 11) * u());
  const options = {
    seed,
    denseBelow: u() < 0.7 ? 0 : 1024,
    maxMatvecs: 1500,
    most: 1 + Math.floor(u() * p),
    tol: share,
  };
  const counts = [await rank(A, options), await nullSpace(A, options)];
  counts.forEach(({ low, high, threshold, decided, dimension, residualNorms }, i) => {
    // rounding of products, and of a norm known to 1e-3
    const slack = (float32 ? 3e-6 : 1e-14 * Math.max(m, n)) * largest + 1.1e-3 * threshold;
    const above = (t) => all.filter((value) => value > t).length;
    const [fewest, greatest] = [above(threshold + slack), above(threshold - slack)];
    const range = i === 0 ? [low, high] : [n - high, n - low];
    const lacks = decided && dimension !== undefined && (dimension !== low || residualNorms.some((x) => x > threshold));
    if (decided) told += 1;
    if (range[0] <= greatest && range[1] >= fewest && !lacks) return;
    wrong += 1;
    console.log(
      `wrong: seed ${seed}, ${name}, ${m} × ${n}, ${['rank', 'nullSpace'][i]}`,
      options,
      range,
      [fewest, greatest],
      { lacks, threshold },
    );
  });
  if (!report.converged) continue;
  converged += 1;
  const listed = Array.from(report.values).sort((a, b) => a - b);
  // as much as is promised
  const off = listed.some((value, i) => !(Math.abs(value - sorted[i]) <= 2 * tol * largest));
  const below = k < p && report.clear > sorted[k] * (1 + 1e-9) + (float32 ? 2e-6 : 1e-12) * largest;
  if (off || below || listed.length !== k) {
    wrong += 1;
    console.log(
      `wrong: seed ${seed}, ${name}, ${m} × ${n}, k ${k}`,
      { off, below },
      listed,
      sorted.slice(0, k + 1),
      report.clear,
    );
  }
}
console.log(`${wrong} wrong of ${runs} runs, ${converged} converged, ${told} of ${2 * runs} counts decided`);
process.exit(wrong === 0 ? 0 : 1);
