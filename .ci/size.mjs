// Size budgets: a package with everything it imports, minified and gzipped.
import { build } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const budgets = { lanczos: 40, autodiff: 60 };
let over = 0;
for (const [name, kilobytes] of Object.entries(budgets)) {
  const result = await build({
    stdin: { contents: `export * from '@hyperribbon/${name}';`, resolveDir: join(root, 'packages', 'cli') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    write: false,
    logLevel: 'error',
  });
  const size = gzipSync(result.outputFiles[0].contents, { level: 9 }).length / 1000;
  console.log(`${name} with all that it imports: ${size.toFixed(1)} kB gzip (budget ${kilobytes} kB)`);
  if (size > kilobytes) over += 1;
}
process.exit(over === 0 ? 0 : 1);
