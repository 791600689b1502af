// node --expose-gc packages/lanczos/test/leak.mjs [solves=1000]
// Memory after many solves is what it was: JavaScript heap within 1 MiB of that after the first 600, array buffers back to base within one
// workspace, resident memory within 5 %. Every tenth solve is aborted, every tenth fails inside the operator. Needs the packages built.
import { spectralDensity } from '../dist/density.js';
import { eigsh } from '../dist/index.js';
import { svds } from '../dist/svd.js';
import { diagonal, fromDenseRectangular } from '../../linop/dist/index.js';

if (typeof globalThis.gc !== 'function') throw new Error('run with node --expose-gc');
const solves = Number(process.argv[2] ?? 1000);
const n = 3000;
const op = diagonal(Float64Array.from({ length: n }, (_, i) => ((i * 7919) % n) / n));
const rectangle = fromDenseRectangular(
  Float64Array.from({ length: 6000 }, (_, i) => Math.sin(i)),
  60,
  100,
);

async function solve(i) {
  if (i % 10 === 3) {
    const controller = new AbortController();
    let calls = 0;
    const aborting = { ...op, apply: (x, out) => (++calls === 20 && controller.abort(), op.apply(x, out)) };
    const { reason } = await eigsh(aborting, { k: 3, seed: i, signal: controller.signal });
    if (reason !== 'aborted') throw new Error(`an aborted solve ended as ${reason}`);
  } else if (i % 10 === 7) {
    let calls = 0;
    const failing = { ...op, apply: (x, out) => (++calls === 15 ? out.fill(NaN) : op.apply(x, out)) };
    await eigsh(failing, { k: 3, seed: i }).catch((error) => {
      if (error.name !== 'NonFiniteError') throw error;
    });
  } else if (i % 10 === 5) await spectralDensity(op, { steps: 10, probes: 2, seed: i });
  else if (i % 10 === 6) await svds(rectangle, { k: 2, seed: i, tol: 1e-4 });
  else await eigsh(op, { k: 2, tol: 1e-2, maxMatvecs: 60, seed: i });
}

async function measure() {
  // buffers are freed a turn after the objects that hold them
  for (let i = 0; i < 6; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, arrayBuffers, external, rss } = process.memoryUsage();
  return { heapUsed, arrayBuffers, external, rss };
}

// resident memory reaches its working size after some hundreds of solves: V8 compiles and its heap settles
const warm = Math.max(20, Math.min(600, solves));
for (let i = 0; i < warm; i++) await solve(i);
const before = await measure();
for (let i = warm; i < solves + warm; i++) await solve(i);
const after = await measure();
const MiB = 2 ** 20;
const problems = [];
if (after.heapUsed - before.heapUsed > MiB) problems.push('JavaScript heap');
if (after.arrayBuffers - before.arrayBuffers > 2 * MiB) problems.push('array buffers');
if (after.external - before.external > 2 * MiB) problems.push('external memory');
if (after.rss > 1.05 * before.rss + 4 * MiB) problems.push('resident memory');
const show = (m) =>
  Object.entries(m)
    .map(([name, bytes]) => `${name} ${(bytes / MiB).toFixed(1)} MiB`)
    .join(', ');
console.log(`after ${warm} solves: ${show(before)}\nafter ${solves} more: ${show(after)}`);
console.log(problems.length === 0 ? 'no growth' : `grew: ${problems.join(', ')}`);
process.exitCode = problems.length === 0 ? 0 : 1;
