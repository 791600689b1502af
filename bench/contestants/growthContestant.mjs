// One size of growth.mjs in its own process, so that its peak memory is its own: N K BASIS. Says one line and ends.
import { eigsh } from '@hyperribbon/lanczos';

const [n, k, basisSize] = process.argv.slice(2).map(Number);
// a few values above a bulk in [0, 1): about the same number of products at every size
const diagonal = Float32Array.from({ length: n }, (_, i) => (i < 2 * k ? 3 - i / k : (i % 1009) / 1009));
const before = process.memoryUsage().rss;
let products = 0;
const operator = {
  size: n,
  dtype: 'float32',
  apply(x, out) {
    products++;
    for (let i = 0; i < n; i++) out[i] = diagonal[i] * x[i];
  },
};
const start = performance.now();
const { values, converged } = await eigsh(operator, { k, basisSize, tol: 1e-4, seed: 1, which: 'LA' });
const seconds = (performance.now() - start) / 1000;
const error = Math.max(...values.map((value, i) => Math.abs(value - Math.fround(3 - i / k))));
console.log(
  JSON.stringify({
    version: `node ${process.version}, v8 ${process.versions.v8}`,
    n,
    seconds,
    products,
    converged,
    error,
    // kilobytes
    bytes: process.resourceUsage().maxRSS * 1024 - before,
  }),
);
