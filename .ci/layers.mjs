// Dependencies point downwards only: every import of a package is declared, and no package imports a higher layer.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const allowed = {
  contract: [],
  kernels: ['contract'],
  random: ['contract', 'kernels'],
  linop: ['contract', 'kernels'],
  lanczos: ['contract', 'linop', 'kernels', 'random'],
  autodiff: ['contract', 'kernels'],
  nn: ['contract', 'autodiff', 'kernels', 'random'],
  curvature: ['contract', 'autodiff', 'linop', 'nn', 'kernels', 'random'],
  landscape: ['contract', 'autodiff', 'curvature', 'kernels', 'lanczos', 'linop', 'nn', 'random'],
  'linear-dynamics': ['contract', 'kernels', 'linop', 'lanczos', 'random'],
  'pac-bayes': ['contract', 'autodiff', 'kernels', 'linop', 'nn', 'random'],
  data: ['contract', 'kernels', 'random'],
  study: ['contract', 'curvature'],
  report: ['contract'],
  cli: [
    'contract',
    'kernels',
    'random',
    'linop',
    'lanczos',
    'autodiff',
    'nn',
    'curvature',
    'landscape',
    'linear-dynamics',
    'pac-bayes',
    'data',
    'study',
    'report',
  ],
};

let faults = 0;
for (const [name, layers] of Object.entries(allowed)) {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  const declared = Object.keys(manifest.dependencies ?? {});
  const source = join(root, 'packages', name, 'src');
  const imported = new Set();
  for (const file of readdirSync(source, { recursive: true })
    .map(String)
    .filter((f) => f.endsWith('.ts'))) {
    const text = readFileSync(join(source, file), 'utf8');
    for (const match of text.matchAll(/(?:from|import\()\s*'(@hyperribbon\/[a-z-]+)(?:\/[a-z-]+)?'/g)) {
      imported.add(match[1]);
      const target = match[1].slice('@hyperribbon/'.length);
      if (target !== name && !layers.includes(target)) {
        console.error(`packages/${name}/src/${file} imports ${match[1]}: not a lower layer of ${name}`);
        faults += 1;
      }
    }
  }
  for (const dependency of declared.filter((d) => d.startsWith('@hyperribbon/'))) {
    if (!imported.has(dependency)) {
      console.error(`packages/${name}/package.json declares ${dependency}, which no source file imports`);
      faults += 1;
    }
  }
}
process.exit(faults === 0 ? 0 : 1);
