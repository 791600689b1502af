// Ours as a contestant of curvature.mjs and workers.mjs: FOLDER THREADS fast|deterministic|experimental. Answers
// {"task": "eigsh", k, tol, seed} with the whole run, {"task": "product", "repeats"} with the median seconds of a product.
import { hessian } from '@hyperribbon/curvature';
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { eigsh } from '@hyperribbon/lanczos';
import { stream } from '@hyperribbon/random';
import { answerLines, runtime } from '../answer.mjs';
import { readProblem } from '../problem.mjs';

const [folder, threads, flavour] = process.argv.slice(2);
const simd = flavour === 'experimental' ? enableExperimentalSimd() : undefined;
if (flavour === 'experimental' && !simd.revectorized) throw new Error('this Node has no 256-bit kernels to switch on');
const { network, weights, examples } = readProblem(folder);
const workers = Number(threads) > 1 ? { workers: Number(threads) } : {};
const deterministic = flavour === 'deterministic';
const build = () => hessian(network, weights, examples, { deterministic, ...workers });

/** The whole job: build the operator, find the pairs, and what of that time the products took. */
async function solve({ k, tol, seed }) {
  const start = performance.now();
  const H = build();
  if (H.ready !== undefined) await H.ready;
  const built = performance.now();
  let inProducts = 0;
  let products = 0;
  const timed = (run, columns) => {
    const from = performance.now();
    const done = () => {
      inProducts += performance.now() - from;
      products += columns;
    };
    const pending = run();
    return pending === undefined ? done() : pending.then(done);
  };
  const operator = {
    size: H.size,
    dtype: H.dtype,
    apply: (x, out) => timed(() => H.apply(x, out), 1),
    ...(H.applyBlock === undefined
      ? {}
      : { applyBlock: (x, out, columns) => timed(() => H.applyBlock(x, out, columns), columns) }),
  };
  const report = await eigsh(operator, { k, tol, seed, which: 'LA' });
  const end = performance.now();
  await H.close?.();
  return {
    seconds: (end - start) / 1000,
    construction: (built - start) / 1000,
    outside: (end - built - inProducts) / 1000,
    products,
    values: [...report.values],
    converged: report.converged,
    completenessProducts: report.completeness.matvecs,
  };
}

let kept;
async function product({ repeats }) {
  kept ??= build();
  if (kept.ready !== undefined) await kept.ready;
  const x = stream({ seed: 1, purpose: 'bench/curvature' }).normal(new Float32Array(kept.size));
  const out = new Float32Array(kept.size);
  const times = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await kept.apply(x, out);
    times.push((performance.now() - start) / 1000);
  }
  times.sort((a, b) => a - b);
  // the sum of the bits: the same for any number of threads
  const bits = new Uint32Array(out.buffer).reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, 0);
  return { seconds: times[times.length >> 1], bits, chunks: kept.info.chunks, gigaflops: kept.info.flops / 1e9 };
}

const { engine, flavour: runs } = hessian(
  network,
  weights,
  { ...examples, count: 1, inputs: examples.inputs.slice(0, examples.features), labels: examples.labels.slice(0, 1) },
  { deterministic },
).info.kernels;
const version = `${engine} ${runs}${simd?.revectorized ? ' revectorized' : ''}, ${runtime}`;
await answerLines({ version }, (line) => {
  const question = JSON.parse(line);
  return question.task === 'eigsh' ? solve(question) : product(question);
});
