// node packages/lanczos/test/soak.mjs [seeds=200] [first=1] [which=LA,SA,BE,LM] [name filter]
// Gate E6: golden implicit operators and structured matrices x seeds, the largest, the smallest, both ends and largest magnitude: no wrong list may be called
// converged, and vectors of those that are must be orthonormal within 1e-13 n. Needs the packages built (npx tsc -b packages/lanczos) and esbuild, which bundles
// the TypeScript operators of the tests. Not run by the suite: 200 seeds of all take hours, of the filter `structured` a quarter of one.
import { build } from 'esbuild';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rm } from 'node:fs/promises';

const here = fileURLToPath(new URL('.', import.meta.url));
// bundles of their own names, so that several can run at once
async function load(file) {
  const bundle = `${here}soak.${process.pid}.bundle.mjs`;
  const options = { bundle: true, format: 'esm', platform: 'node', packages: 'external', logLevel: 'error' };
  await build({ entryPoints: [`${here}${file}`], outfile: bundle, ...options });
  const found = await import(`${pathToFileURL(bundle).href}?${file}`);
  await rm(bundle);
  return found;
}
const { implicitCases, implicitOperator, tops, bottoms } = await load('goldenOperators.ts');
const { structured, structuredMatrix, wantedOf } = await load('claims/structured.ts');
const { eigh, eigsh, fromDense } = await import('@hyperribbon/lanczos');

const [seeds = '200', first = '1', wanted = 'LA,SA,BE,LM', filter = ''] = process.argv.slice(2);
const tol = 1e-10;
// the lower ends of these have gaps far below 1e-6 of the norm: only "no wrong list" is asked of them, and they take the longest
const hopeless = new Set(['knee_f_4096', 'deepnet_h_2000', 'lap3d_14']);
let [runs, wrong, unconverged, products] = [0, 0, 0, 0];

/** The wanted list, descending, or undefined where the golden file does not tell; for LM magnitudes. */
function referenceOf(c, which) {
  const [top, bottom] = [tops(c), bottoms(c)];
  if (which === 'LA') return top;
  // kms is positive definite: its file has no lower end
  if (which === 'LM' && bottom === undefined) return top.slice(0, 8).map(Math.abs);
  if (bottom === undefined || (which !== 'LM' && hopeless.has(c.name))) return undefined;
  if (which === 'SA') return bottom.toReversed();
  const k = Math.min(8, top.length, Math.floor(c.n / 2));
  if (which === 'BE') return [...top.slice(0, Math.ceil(k / 2)), ...bottom.slice(0, Math.floor(k / 2)).toReversed()];
  return [...top, ...bottom]
    .map(Math.abs)
    .sort((x, y) => y - x)
    .slice(0, k);
}

/** max |V Vᵀ − I| */
function loss({ vectors, values }, n) {
  let worst = 0;
  for (let i = 0; i < values.length; i++)
    for (let j = 0; j <= i; j++) {
      let s = i === j ? -1 : 0;
      for (let c = 0; c < n; c++) s += vectors[i * n + c] * vectors[j * n + c];
      worst = Math.max(worst, Math.abs(s));
    }
  return worst;
}

/** Counts a run; `reference` is what is wanted, as values or, for LM, as magnitudes. */
function judge(report, reference, { which, norm, n, dtype, what }) {
  const values = which === 'LM' ? report.values.map(Math.abs).sort().toReversed() : report.values;
  const error = Math.max(...reference.map((x, i) => Math.abs(values[i] - x)));
  runs++;
  products += report.matvecs;
  if (!report.converged) unconverged++;
  else if (!(error <= Math.max(tol, 50 * 2 ** -52) * norm)) {
    wrong++;
    console.log(`WRONG ${what}: error ${error / norm} of the norm`);
  } else if (dtype === 'float64' && !(loss(report, n) <= 1e-13 * n)) {
    wrong++;
    console.log(`NOT ORTHONORMAL ${what}: ${loss(report, n)}`);
  }
}

for (const c of implicitCases.filter((x) => x.name.includes(filter))) {
  for (const which of wanted.split(',')) {
    const reference = referenceOf(c, which);
    if (reference === undefined) continue;
    const [w0, u0, r0] = [wrong, unconverged, runs];
    for (let seed = Number(first); seed < Number(first) + Number(seeds); seed++) {
      const op = implicitOperator(c);
      const report = await eigsh(op, { k: reference.length, which, tol, seed });
      judge(report, reference, {
        which,
        norm: c.norm2,
        n: c.n,
        dtype: op.dtype,
        what: `${c.name} ${which} seed ${seed}`,
      });
    }
    console.log(`${c.name} ${which}: ${runs - r0} runs, ${wrong - w0} wrong, ${unconverged - u0} not converged`);
  }
}
for (const name of Object.keys(structured).filter((x) => `structured ${x}`.includes(filter))) {
  const [w0, u0, r0] = [wrong, unconverged, runs];
  for (let seed = Number(first); seed < Number(first) + Number(seeds); seed++) {
    const { a, n } = structuredMatrix(name, seed);
    const all = eigh(a, n).values;
    const norm = Math.max(Math.abs(all[0]), Math.abs(all[n - 1]));
    for (const which of wanted.split(',')) {
      const k = 1 + ((seed + which.charCodeAt(0)) % 9);
      // every other one without the way out of forming the matrix
      const options = { k, which, tol, seed, ...(seed % 2 === 0 ? { denseBelow: 0, maxMatvecs: 4000 } : {}) };
      const report = await eigsh(fromDense(a, n), options);
      judge(report, wantedOf(all, which, k), {
        which,
        norm,
        n,
        dtype: 'float64',
        what: `${name} ${which} seed ${seed}`,
      });
    }
  }
  console.log(`structured ${name}: ${runs - r0} runs, ${wrong - w0} wrong, ${unconverged - u0} not converged`);
}
console.log(`${runs} runs, ${wrong} wrong lists called converged, ${unconverged} not converged, ${products} products`);
process.exitCode = wrong > 0 ? 1 : 0;
