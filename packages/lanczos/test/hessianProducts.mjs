// node packages/lanczos/test/hessianProducts.mjs [seeds=3] [first=1] [k=20] [tol=1e-3] [dtype=float32]
// Products for the k largest eigenvalues of the Hessian of mlp784-256-256-10-tanh over 2,048 digits, and whether they are right: the reference is a run
// with tol 1e-7 in float64, cached in the system's temporary folder. Needs the packages built (npx tsc -b). Not run by the suite: 6 s a seed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hessian } from '../../curvature/dist/index.js';
import { mnist, parseNpz } from '../../data/dist/index.js';
import { networkFromArrays } from '../../nn/dist/models.js';
import { eigsh } from '../dist/index.js';

const [seeds = '3', first = '1', k = '20', tol = '1e-3', dtype = 'float32'] = process.argv.slice(2);
const file = new URL('../../curvature/test/golden/mlp784-256-256-10-tanh.npz', import.meta.url);
const { network, params } = networkFromArrays('mlp:tanh', parseNpz(readFileSync(file)));
const { train } = await mnist({ task: 'digits', limit: 2048 });
const examples = {
  ...train,
  inputs: train.inputs.slice(0, 2048 * 784),
  labels: train.labels.slice(0, 2048),
  count: 2048,
};

const cache = join(tmpdir(), `hyperribbon-top40-mlp784.json`);
if (!existsSync(cache)) {
  const op = hessian(
    network,
    params,
    { ...examples, inputs: Float64Array.from(examples.inputs) },
    { dtype: 'float64' },
  );
  const { values, converged, reason } = await eigsh(op, { k: 40, tol: 1e-7, seed: 999 });
  if (!converged) throw new Error(`the reference did not converge: ${reason}`);
  writeFileSync(cache, JSON.stringify(Array.from(values)));
}
const reference = JSON.parse(readFileSync(cache, 'utf8'));
const op = hessian(network, params, examples, { dtype });
let worst = 0;
for (let seed = Number(first); seed < Number(first) + Number(seeds); seed++) {
  let inside = 0;
  const timed = {
    size: op.size,
    dtype: op.dtype,
    apply(x, out) {
      const start = performance.now();
      op.apply(x, out);
      inside += performance.now() - start;
    },
  };
  const start = performance.now();
  const report = await eigsh(timed, { k: Number(k), which: 'LA', tol: Number(tol), seed });
  const total = performance.now() - start;
  const error = Math.max(...report.values.map((v, i) => Math.abs(v - reference[i]))) / reference[0];
  const right = report.converged && error <= Number(tol);
  const { searches, matvecs } = report.completeness;
  worst = Math.max(worst, right ? report.matvecs : Infinity);
  console.log(
    `seed ${seed}: ${report.matvecs} products (${matvecs} in ${searches} verifications), ${right ? 'right' : 'WRONG'}: ` +
      `${report.reason}, largest error ${error.toExponential(1)} of the norm; ${((100 * (total - inside)) / total).toFixed(1)} % outside the operator, ${(total / 1e3).toFixed(1)} s`,
  );
}
console.log(`most products: ${worst}; gate 72`);
process.exitCode = worst <= 72 ? 0 : 1;
