// node packages/lanczos/test/intervals/soak.mjs [matrices=400] [first=0] [name filter]
// Share of nominal 95 % intervals of every estimator that hold the exact value, over small random matrices of order 2 to 30: at least 93 %, and none of
// no width around a wrong value. Needs the packages built (npx tsc -b packages/lanczos) and esbuild.
import { build } from 'esbuild';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rm } from 'node:fs/promises';

const here = fileURLToPath(new URL('.', import.meta.url));
const bundle = `${here}soak.${process.pid}.bundle.mjs`;
await build({
  entryPoints: [`${here}cases.ts`],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'error',
});
const { estimators, shareOf } = await import(pathToFileURL(bundle).href);
await rm(bundle);

const [matrices = '400', first = '0', filter = ''] = process.argv.slice(2);
let failed = 0;
for (const name of Object.keys(estimators).filter((x) => x.includes(filter))) {
  const { intervals, held, points, missed } = await shareOf(name, Number(first), Number(matrices));
  const good = held >= 0.93 * intervals && points === 0;
  if (!good) failed++;
  const misses = Object.entries(missed).map(([family, count]) => `${family} ${count}`);
  console.log(
    `${good ? '' : 'FAILED '}${name}: ${((100 * held) / intervals).toFixed(1)} % of ${intervals}, ${points} points; missed: ${misses.join(', ')}`,
  );
}
console.log(`${failed} estimators below 93 % or with a point around a wrong value`);
process.exitCode = failed > 0 ? 1 : 0;
