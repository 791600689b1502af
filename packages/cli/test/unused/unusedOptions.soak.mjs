// node packages/cli/test/unused/unusedOptions.soak.mjs [bound|analyze]: each option of a study, typed in each of several settings, must change a number of what the
// study writes, or be refused by its name. A quarter of an hour; unusedOptions.test.ts has the refusals, and the cheap commands.
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { analyzeOptions } from '../../dist/analysis/analysisOptions.js';
import { boundOptions } from '../../dist/bound/boundOptions.js';
import { main } from '../../dist/main.js';
import { flagOf } from '../../dist/options/option.js';

const folder = mkdtempSync(join(tmpdir(), 'hyperribbon-unused-'));
const points = join(folder, 'points.csv');
const row = (i) => [1, 2, 3, 4].map((j) => Math.sin(i * j).toFixed(4));
writeFileSync(
  points,
  Array.from({ length: 90 }, (_, i) => `${row(i).join()},${Math.sin(i) + Math.sin(3 * i) > 0 ? 1 : 0}`).join('\n'),
);

const other = {
  bound: {
    // of method3 all sides turn by default, of others the first
    basis: ['full', 'input'],
    method: 'layered',
    means: 'basis',
    factors: 'kfac',
    objective: 'quadratic',
    surrogate: 'bounded',
    startEpochs: '1',
    epochs: '2',
    learningRate: '0.1',
    optimizer: 'momentum',
    initialStd: '0.3',
    priorVariance: '0.01',
    priorScale: 'fixed',
    klWeight: '0.5',
    delta: '0.05',
    priorFraction: '0.4',
    priorEpochs: '3',
    priorShift: '1',
    batchSize: '7',
    seed: '1',
    randomLabels: '',
    directions: '3',
    curvatureExamples: '5',
    draws: '2',
    initialVariances: 'analytic',
    fisher: 'exact',
    networks: '70',
    examplesPerNetwork: '2',
    passes: '3',
    limit: '40',
    architecture: 'mlp:relu:4',
  },
  analyze: {
    architecture: 'mlp:relu:30',
    seed: '1',
    dtype: 'float64',
    deterministic: '',
    epochs: '3',
    batchSize: '7',
    decay: '2',
    inputExamples: '10',
    curvatureExamples: '10',
    top: '2',
    stiffDirections: '2',
    densitySteps: '3',
    densityProbes: '3',
    draws: '5',
    examplesPerDraw: '7',
    delta: '0.05',
    convention: '4(n-1)/ln2',
  },
};
const tables = { bound: boundOptions, analyze: analyzeOptions };
const brief = {
  bound: ['--epochs', '3', '--passes', '2', '--batch-size', '20'],
  analyze: [
    '--epochs',
    '2',
    '--batch-size',
    '20',
    '--top',
    '3',
    '--stiff-directions',
    '3',
    '--density-steps',
    '4',
    '--density-probes',
    '2',
    '--draws',
    '20',
    '--examples-per-draw',
    '5',
    '--curvature-examples',
    '30',
    '--workers',
    '1',
  ],
};
const small = ['--architecture', 'mlp:tanh:3'];
const drawn = ['--basis', 'directions', '--networks', '60', '--directions', '4'];
const settings = {
  bound: [
    small,
    [...small, '--method', 'isotropic'],
    [...small, '--method', 'isotropic', '--objective', 'bbb'],
    [...small, '--method', 'isotropic', '--objective', 'dziugaite-roy'],
    [...small, '--method', 'layered', '--prior-fraction', '0.5'],
    [...small, '--method', 'method2'],
    [...small, '--method', 'method3'],
    [...small, '--method', 'method2', ...drawn, '--initial-variances', 'eigenvalues'],
    [...small, '--method', 'method3', ...drawn],
    [...small, '--method', 'method4', ...drawn],
  ],
  analyze: [
    ['--architecture', 'mlp:tanh:30'],
    ['--architecture', 'mlp:tanh:30', '--model', join(folder, 'net.npz')],
  ],
};

/** What a call wrote: its exit code, words, and every number but times. */
async function run(args) {
  const out = mkdtempSync(join(folder, 'run-'));
  let words = '';
  const kept = [process.stdout.write, process.stderr.write];
  process.stdout.write = process.stderr.write = (text) => ((words += text), true);
  let code;
  try {
    code = await main(['node', 'hyperribbon', ...args, ...(args[0] === 'train' ? [] : ['--out', join(out, 'o')])]);
  } finally {
    [process.stdout.write, process.stderr.write] = kept;
  }
  const files = readdirSync(out, { recursive: true }).map((name) => join(out, name));
  const numbers = files
    .filter((file) => statSync(file).isFile())
    .toSorted()
    .map(numbersOf);
  rmSync(out, { recursive: true });
  return { code, words, numbers: numbers.join('\n') };
}

function numbersOf(file) {
  const name = basename(file);
  if (name === 'posterior.npz') return readFileSync(file, 'base64');
  if (name === 'certificate.json') {
    const { claim, measured, draws, posterior } = JSON.parse(readFileSync(file, 'utf8'));
    return flat([claim, measured, draws, posterior]);
  }
  return name === 'report.json' ? flat(JSON.parse(readFileSync(file, 'utf8')).sections) : '';
}

function flat(value) {
  if (typeof value === 'number') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, part]) => (/seconds|setting|timings/.test(name) ? [] : flat(part)));
}

let unused = 0;
for (const command of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(settings)) {
  const untried = Object.keys(tables[command]).filter((name) => !(name in other[command]));
  console.log(`${command}: not tried here are ${untried.join(', ')}`);
  if (command === 'analyze')
    await run([
      'train',
      '--data',
      points,
      '--architecture',
      'mlp:tanh:30',
      '--epochs',
      '2',
      '--out',
      join(folder, 'net.npz'),
    ]);
  for (const setting of settings[command]) {
    const base = [
      command,
      '--data',
      points,
      ...without(brief[command], setting.includes('directions') ? ['--passes'] : []),
      ...setting,
    ];
    const before = await run(base);
    console.log(`${setting.join(' ')}: exit code ${before.code}`);
    if (before.code !== 0) {
      unused++;
      console.log(before.words.slice(-300));
      continue;
    }
    for (const [name, value] of Object.entries(other[command])) {
      const flag = flagOf(name);
      if (setting.includes(flag)) continue;
      const afters = [];
      for (const one of [value].flat())
        afters.push(await run([...without(base, [flag]), flag, ...(one === '' ? [] : [one])]));
      const refused = ({ code, words }) => code === 2 && words.includes(`${flag}: `);
      if (afters.some((after) => refused(after) || (after.code === 0 && after.numbers !== before.numbers))) continue;
      unused++;
      const [after] = afters;
      console.log(`  ${flag} ${value}: ${after.code === 0 ? 'NOT USED' : after.words.trim().split('\n').at(-1)}`);
    }
  }
}
rmSync(folder, { recursive: true });
console.log(`${unused} options are given and not used`);
process.exit(unused === 0 ? 0 : 1);

/** Arguments without some flags and what follows them. */
function without(args, flags) {
  const drop = new Set(flags.map((flag) => args.indexOf(flag)).flatMap((at) => (at < 0 ? [] : [at, at + 1])));
  return args.filter((_, i) => !drop.has(i));
}
