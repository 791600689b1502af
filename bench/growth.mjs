// Time and peak memory of eigsh for a fixed number of eigenpairs as the operator grows: a float32 diagonal with 1e4 … 1e7 unknowns, the
// 5 largest eigenvalues, 20 basis vectors (0.8 GB at 1e7).
//
//   node bench/growth.mjs [--smoke] [--results DIR] [--node PATH]
//
// Every size has a process of its own; peak memory is that process's, less what it had before eigsh. Prints the slope of the logarithms
// from the size where the basis leaves the caches: 1 is linear.
import { parseArgs } from 'node:util';
import { here, record, spread, startContestant, suiteOptions } from './contest.mjs';

const { values: options } = parseArgs({ options: suiteOptions });
const { smoke, results, node } = options;
const [k, basisSize] = [5, 20];
const sizes = smoke ? [1e4, 3e4, 1e5] : [1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7];
const rows = [];
let version;
for (const n of sizes) {
  // the small sizes pass in no time
  const rounds = n <= 1e6 && !smoke ? 3 : 1;
  const answers = [];
  for (let round = 0; round < rounds; round++) {
    const command = [node, `${here}contestants/growthContestant.mjs`, String(n), String(k), String(basisSize)];
    const { hello } = await startContestant({ name: `n = ${n}`, command });
    if (hello.missing !== undefined) throw new Error(`n = ${n}: ${hello.missing}`);
    if (!hello.converged || !(hello.error < 1e-4 * 3)) throw new Error(`n = ${n}: wrong by ${hello.error}`);
    answers.push(hello);
  }
  const column = (key) => spread(answers.map((answer) => answer[key]));
  ({ version } = answers[0]);
  rows.push({ n, products: column('products').median, seconds: column('seconds'), bytes: column('bytes').median });
  const { products, seconds, bytes } = rows.at(-1);
  console.log(`n = ${n}: ${products} products, ${seconds.median.toFixed(2)} s, ${(bytes / 2 ** 20).toFixed(0)} MiB`);
}
/** Slope of log(of) against log(n) by least squares. */
function slope(list, of) {
  const points = list.map((row) => [Math.log(row.n), Math.log(of(row))]);
  const mean = (i) => points.reduce((sum, point) => sum + point[i], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const sum = (f) => points.reduce((total, point) => total + f(point[0] - x, point[1] - y), 0);
  return sum((a, b) => a * b) / sum((a) => a * a);
}
const large = rows.filter(({ n }) => n >= (smoke ? 1e4 : 1e5));
const slopes = {
  secondsPerProduct: slope(large, ({ seconds, products }) => seconds.median / products),
  bytes: slope(large, ({ bytes }) => bytes),
};
console.log(`slopes: time of a product ${slopes.secondsPerProduct.toFixed(2)}, memory ${slopes.bytes.toFixed(2)}`);
record('growth', { problem: { k, basisSize, dtype: 'float32', tol: 1e-4 }, version, rows, slopes }, { results, smoke });
