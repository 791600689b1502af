// Products with a sparse matrix in one thread against two, interleaved: random columns, where they pay, and a grid, whose products wait for little.
//
//   node bench/sparse/threads.mjs [--size 1000000]
//
// Prints the median of the ratios within rounds. Wants two free cores.
import { parseArgs } from 'node:util';
import { csr, inThreads } from '@hyperribbon/linop/sparse';
import { stream } from '@hyperribbon/random';
import { ratio, showSpread, spread } from '../contest.mjs';

const n = Number(parseArgs({ options: { size: { type: 'string', default: '1000000' } } }).values.size);
const perRow = 5;
const random = stream({ seed: 1, purpose: 'bench/sparse' });
const values = random.normal(new Float64Array(perRow * n));
const offsets = Int32Array.from({ length: n + 1 }, (_, i) => perRow * i);
const places = random.uniform(new Float64Array(perRow * n));
// one column from each fifth: none twice
const scattered = Int32Array.from(places, (u, p) => Math.floor((((p % perRow) + u) * n) / perRow));
const near = Int32Array.from(places, (_, p) => (Math.floor(p / perRow) + (p % perRow) * 500) % n);
for (const [name, indices] of Object.entries({ scattered, near })) {
  const A = csr({ rows: n, columns: n, offsets, indices, values });
  const B = inThreads(A, { workers: 1 });
  const [x, out] = [random.normal(new Float64Array(n)), new Float64Array(n)];
  const [one, two] = [[], []];
  for (let round = 0; round < 25; round++) {
    for (const [operator, seconds] of [
      [A, one],
      [B, two],
    ]) {
      const start = performance.now();
      await operator.apply(x, out);
      // the first rounds compile and start the worker
      if (round >= 4) seconds.push((performance.now() - start) / 1000);
    }
  }
  console.log(
    `${name} columns: one thread ${showSpread(spread(one))} s, two take ${showSpread(ratio(two, one))} × as long`,
  );
  await B.close();
}
