// Ours as a contestant of sparse.mjs: answers {"task": "product" | "eigsh", "name", ...} on the matrices of a folder.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eigsh } from '@hyperribbon/lanczos';
import { csr } from '@hyperribbon/linop/sparse';
import { answerLines, runtime } from '../answer.mjs';

const folder = process.argv[2];
const read = (name, type) => {
  const bytes = readFileSync(join(folder, name));
  return new type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};
const load = (name) => {
  const offsets = read(`${name}.offsets`, Int32Array);
  const n = offsets.length - 1;
  const [indices, values] = [read(`${name}.indices`, Int32Array), read(`${name}.values`, Float64Array)];
  return { rows: n, columns: n, offsets, indices, values };
};
const held = new Map();
const once = (key, make) => {
  if (!held.has(key)) held.set(key, make());
  return held.get(key);
};
/** median of some calls */
function time(run, calls = 10) {
  const seconds = Array.from({ length: calls }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1000;
  });
  return seconds.toSorted((a, b) => a - b)[calls >> 1];
}

function product(name) {
  const A = once(name, () => csr(load(name)));
  const x = once(`${name}.x`, () => read(`${name}.x`, Float64Array));
  const n = A.rows;
  const { out, X, outs } = once(`${name}.out`, () => {
    const X = new Float64Array(4 * n);
    for (let c = 0; c < 4; c++) X.set(x, c * n);
    return { out: new Float64Array(n), X, outs: new Float64Array(4 * n) };
  });
  const seconds = time(() => A.apply(x, out));
  const digest = createHash('sha256').update(out).digest('hex');
  const H = name === 'grid' ? once('half', () => csr(load(name), { symmetric: 'full', storage: 'half' })) : undefined;
  return {
    seconds,
    digest,
    transposed: time(() => A.applyTranspose(x, out), 3),
    block4: time(() => A.applyBlock(X, outs, 4), 3),
    ...(H === undefined ? {} : { half: time(() => H.apply(x, out), 3) }),
  };
}

await answerLines({ version: runtime }, async (line) => {
  const { task, name, k, tol, round } = JSON.parse(line);
  if (task === 'product') return product(name);
  const A = once(`${name}.symmetric`, () => csr(load(name), { symmetric: 'full' }));
  const start = performance.now();
  const report = await eigsh(A, { k, which: 'LM', tol, seed: round, maxMatvecs: 200_000 });
  const seconds = (performance.now() - start) / 1000;
  if (!report.converged) throw new Error(`eigsh did not converge: ${report.reason}`);
  return { seconds, products: report.matvecs, values: [...report.values].toSorted((a, b) => b - a) };
});
