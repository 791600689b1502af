// node .ci/house.mjs
// The shape of the house: which way imports may point, between packages and between the folders of one, and how full a folder may be.
// (The lint rules hold circles, types included, and the length of functions and files.) Every fault is a line that says what to do.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const faults = [];

/** package → the packages below it that it may import */
const below = {
  contract: [],
  kernels: ['contract'],
  random: ['contract', 'kernels'],
  linop: ['contract', 'kernels'],
  lanczos: ['contract', 'kernels', 'linop', 'random'],
  autodiff: ['contract', 'kernels'],
  nn: ['contract', 'kernels', 'random', 'autodiff'],
  curvature: ['contract', 'kernels', 'random', 'linop', 'autodiff', 'nn'],
  landscape: ['contract', 'kernels', 'random', 'linop', 'lanczos', 'autodiff', 'nn', 'curvature'],
  complexity: ['contract', 'kernels', 'random', 'linop', 'lanczos', 'autodiff', 'nn'],
  'linear-dynamics': ['contract', 'kernels', 'random', 'linop', 'lanczos'],
  'pac-bayes': ['contract', 'kernels', 'random', 'linop', 'autodiff', 'nn'],
  data: ['contract', 'kernels', 'random'],
  onnx: ['contract', 'kernels', 'random', 'autodiff', 'nn', 'data'],
  study: ['contract'],
  report: ['contract'],
};
below.cli = Object.keys(below);

/**
 * Folders of one package from the ground up: each may import those before it. Folders of a list in the list stand beside each other
 * and import each other neither; 'a + b' are one floor of two rooms with doors between them.
 */
const floors = {
  autodiff: ['primitives + simplify + trace', 'ops', 'transforms', ['plan', 'evaluate', 'walk']],
  nn: ['modules', 'models', 'training', 'augment'],
  lanczos: [
    'dense',
    'factorization',
    'density',
    'solve',
    ['eigsh', 'trace', 'functions'],
    ['svd', 'interior', 'complex', 'generalised'],
  ],
  curvature: ['operators + shards', 'alignment + layers'],
  landscape: [
    'spectra',
    ['directions', 'inputs'],
    'sharpness',
    ['capacity', 'dynamics', 'kernel', 'minima', 'plane', 'regularizers'],
  ],
  complexity: ['norms + rank', 'bounds', 'measures', ['collapse', 'stability', 'unlearnable', 'weights', 'judge']],
  'linear-dynamics': ['trajectories', ['deep', 'inpca', 'sgd']],
  'pac-bayes': ['limits', 'divergences', 'theorems', 'analytic', 'certificate', 'verification', 'networks'],
  data: ['formats', 'examples', 'images'],
  onnx: ['protobuf', 'values', 'ops', 'graph', 'network', 'write'],
  study: ['executors', 'steps'],
  report: ['page', 'sections'],
  cli: [
    'options',
    'output',
    'runs',
    'input',
    'jobs',
    'analysis',
    ['bound', 'landscape', 'measures', 'ribbon', 'verify'],
    'commands',
  ],
};

/** most files that lie flat in a folder: beyond it nobody finds an idea by its name */
const fullest = 25;

const tracked = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

function importsOf(file) {
  // examples in comments import their own package
  const text = readFileSync(join(root, file), 'utf8').replace(/^\s*\*.*$/gm, '');
  return [...text.matchAll(/(?:from|import\(|^import)\s*'([^']+)'/gm)].map((match) => match[1]);
}

for (const [name, allowed] of Object.entries(below)) {
  const sources = tracked.filter((file) => file.startsWith(`packages/${name}/src/`) && file.endsWith('.ts'));
  const imported = new Set();
  for (const file of sources) {
    for (const specifier of importsOf(file)) {
      const target = /^@hyperribbon\/([a-z-]+)/.exec(specifier)?.[1];
      if (target === undefined) continue;
      imported.add(target);
      if (target === name) faults.push(`${file} imports ${specifier}: inside a package import the file itself`);
      else if (!allowed.includes(target))
        faults.push(`${file} imports ${specifier}, which is not below ${name}: move what both need further down`);
    }
  }
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  const declared = Object.keys(manifest.dependencies ?? {})
    .filter((dependency) => dependency.startsWith('@hyperribbon/'))
    .map((dependency) => dependency.slice('@hyperribbon/'.length));
  for (const target of declared)
    if (!imported.has(target)) faults.push(`packages/${name}/package.json declares ${target}, which no source imports`);
  for (const target of imported)
    if (target !== name && !declared.includes(target))
      faults.push(`packages/${name}/package.json does not declare ${target}, which its sources import`);
}

for (const [name, order] of Object.entries(floors)) {
  const source = `packages/${name}/src/`;
  const places = new Map(
    order.flatMap((rooms, floor) =>
      [rooms].flat().flatMap((room) => room.split(' + ').map((folder) => [folder, { floor, room }])),
    ),
  );
  const placeOf = (file) => (file.startsWith(source) ? places.get(file.slice(source.length).split('/')[0]) : undefined);
  for (const file of tracked.filter((f) => f.startsWith(source) && f.endsWith('.ts'))) {
    const from = placeOf(file);
    for (const specifier of importsOf(file).filter((s) => s.startsWith('.'))) {
      const to = placeOf(join(dirname(file), specifier));
      if (from === undefined || to === undefined || to.room === from.room || to.floor < from.floor) continue;
      faults.push(`${file} imports ${specifier}: ${name}/${to.room} is not below ${name}/${from.room}`);
    }
  }
}

const filesIn = new Map();
for (const file of tracked) filesIn.set(dirname(file), (filesIn.get(dirname(file)) ?? 0) + 1);
for (const [folder, count] of filesIn) {
  // golden data, results and generated text are looked up by name, not read
  if (count > fullest && !/golden|results|generated|^\./.test(folder))
    faults.push(`${folder} holds ${count} files, most is ${fullest}: give its ideas folders of their own`);
}

for (const fault of faults) console.error(fault);
if (faults.length > 0) console.error(`\n${faults.length} faults in the shape of the house`);
process.exit(faults.length === 0 ? 0 : 1);
