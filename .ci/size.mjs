// Size budgets of everything that a page may load: an entry point with all that it imports, minified and gzipped.
//   node .ci/size.mjs          after tsc -b
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** kB, gzip */
const budgets = {
  contract: 3,
  kernels: 36,
  random: 4,
  linop: 6,
  lanczos: 40,
  'lanczos/density': 40,
  'lanczos/trace': 40,
  'lanczos/svd': 43,
  autodiff: 62,
  'autodiff/array': 10,
  'autodiff/jit': 50,
  nn: 74,
  curvature: 80,
  landscape: 106,
  'linear-dynamics': 105,
  'pac-bayes': 70,
  'pac-bayes/networks': 100,
  'pac-bayes/examine': 110,
  data: 54,
  report: 60,
  study: 20,
};

let over = 0;
for (const [name, kilobytes] of Object.entries(budgets)) {
  const { bytes } = await bundle({
    stdin: { contents: `export * from '@hyperribbon/${name}';`, resolveDir: join(root, 'packages', 'cli') },
    minify: true,
  });
  const size = gzipSync(bytes, { level: 9 }).length / 1000;
  const verdict = size > kilobytes ? 'OVER ' : '';
  console.log(`${verdict}${name.padEnd(20)} ${size.toFixed(1).padStart(6)} kB of ${kilobytes}`);
  if (size > kilobytes) over += 1;
}
if (over > 0) console.error(`\n${over} entry points are over their budget: what did they begin to import?`);
process.exit(over === 0 ? 0 : 1);
