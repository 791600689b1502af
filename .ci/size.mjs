// Size budgets of everything that a page may load: an entry point with all that it imports, minified and gzipped; of the solver also what a page loads that
// only solves, since its entry exports more than that.
//   node .ci/size.mjs          after tsc -b
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** kB, gzip */
const budgets = {
  contract: 3,
  'contract/threads': 3,
  kernels: 45,
  random: 4,
  linop: 6.5,
  'linop/sparse': 11,
  lanczos: 44,
  'lanczos/density': 40,
  'lanczos/trace': 40,
  'lanczos/svd': 52,
  'lanczos/rank': 50,
  'lanczos/complex': 46,
  'lanczos/generalised': 50,
  'lanczos/dense': 32,
  'lanczos/lobpcg': 30,
  'lanczos/solve': 12,
  'lanczos/functions': 38,
  'lanczos/interior': 56,
  autodiff: 77,
  'autodiff/array': 11,
  'autodiff/layers': 11,
  'autodiff/jit': 65,
  nn: 105,
  'nn/models': 40,
  curvature: 104,
  landscape: 148,
  'landscape/capacity': 150,
  'landscape/dynamics': 150,
  'landscape/kernel': 140,
  'landscape/minima': 150,
  'landscape/plane': 140,
  'landscape/regularizers': 160,
  complexity: 168,
  'complexity/judge': 20,
  'complexity/weights': 60,
  'linear-dynamics': 122,
  'pac-bayes': 81,
  'pac-bayes/networks': 126,
  'pac-bayes/examine': 130,
  data: 80,
  report: 77,
  onnx: 125,
  study: 20,
};

/** names that are measured alone: [entry, names, kB] */
const alone = [['lanczos', 'eigsh, fromMatvec', 40]];

let over = 0;
for (const [entry, names, kilobytes] of [
  ...Object.entries(budgets).map(([name, most]) => [name, '*', most]),
  ...alone,
]) {
  const exported = names === '*' ? '*' : `{ ${names} }`;
  const name = names === '*' ? entry : `${entry}: ${names}`;
  const { bytes } = await bundle({
    stdin: { contents: `export ${exported} from '@hyperribbon/${entry}';`, resolveDir: join(root, 'packages', 'cli') },
    minify: true,
  });
  const size = gzipSync(bytes, { level: 9 }).length / 1000;
  const verdict = size > kilobytes ? 'OVER ' : '';
  console.log(`${verdict}${name.padEnd(28)} ${size.toFixed(1).padStart(6)} kB of ${kilobytes}`);
  if (size > kilobytes) over += 1;
}
if (over > 0) console.error(`\n${over} entry points are over their budget: what did they begin to import?`);
process.exit(over === 0 ? 0 : 1);
