// Are the data, activations, Hessian and Fisher matrix of convolutional networks sloppy alike? node docs/studies/convolutions.mjs
//
// Each network is one `hyperribbon analyze` and one `hyperribbon bound` on a subset of Fashion-MNIST. Runs live in HYPERRIBBON_STUDIES (default: the
// system's temporary folder); one that was stopped goes on where it was.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layerCorrelations } from '@hyperribbon/curvature';
import { fashionMnist, subset, weightsFromNpz, writeNpz } from '@hyperribbon/data';
import { eigvalsh } from '@hyperribbon/lanczos';
import { flatten } from '@hyperribbon/nn';
import { completeArchitecture, parseArchitecture } from '@hyperribbon/nn/models';
import { spectrumDecay } from '@hyperribbon/pac-bayes';
import { openRecord, writeTable } from './record.mjs';

const settings = {
  data: 'Fashion-MNIST, ten classes, 28 × 28',
  trainExamples: 4000,
  testExamples: 4000,
  batchSize: 100,
  curvatureExamples: 128,
  top: 16,
  stiffDirections: 16,
  draws: 300,
  examplesPerDraw: 100,
  batchNorm: 'fixed: mean 0 and variance 1 always, so that a bound holds',
  seed: 1,
};
const networks = {
  'allcnn:32,64': {
    title: 'All-CNN, 32 and 64 channels',
    epochs: 20,
    bound: '--prior-fraction 0.5 --prior-shift 1 --prior-epochs 30 --epochs 0 --passes 1',
  },
  'wrn:16-1': {
    title: 'wide ResNet 16-1',
    epochs: 5,
    bound: '--prior-fraction 0.5 --prior-shift 1 --prior-epochs 8 --epochs 0 --passes 1',
  },
};

const scratch = join(process.env.HYPERRIBBON_STUDIES ?? join(tmpdir(), 'hyperribbon-studies'), 'convolutions');
const cli = new URL('../../packages/cli/bin/hyperribbon.js', import.meta.url).pathname;
const record = openRecord('convolutions', settings);
mkdirSync(scratch, { recursive: true });
const { train } = await examples();
const data = join(scratch, 'fashion.npz');

const results = {};
for (const [architecture, { bound, epochs }] of Object.entries(networks)) {
  const trained = `${architecture}, ${epochs} epochs`;
  const analysed = await record.piece(`${trained}: analyze`, () => analysis(architecture));
  const layers = await record.piece(`${trained}: activations`, () => activations(architecture));
  const certified = await record.piece(`${architecture}: bound ${bound}`, () => optimised(architecture, bound));
  results[architecture] = { ...analysed, layers, certified };
}

const rows = Object.entries(results);
const spectra = [
  ['inputs', 'inputs'],
  ['activations before the last layer', 'activations'],
  ['Hessian', 'hessian'],
  ['Gauss-Newton', 'gauss-newton'],
  ['Fisher', 'fisher-end'],
  ['Fisher at the start', 'fisher-init'],
];
writeTable('convolutions.md', 'networks', [
  [
    'network',
    'weights',
    'train error',
    'test error',
    'analytic bound',
    'optimised bound',
    'effective dimension (Hessian, hard)',
  ],
  ...rows.map(([architecture, r]) => [
    networks[architecture].title,
    String(r.weights),
    r.trainError.toFixed(4),
    r.testError.toFixed(4),
    boundText(r.bound),
    boundText(r.certified.bound),
    r.effectiveDimension === undefined ? '' : `at least ${r.effectiveDimension}`,
  ]),
]);
writeTable('convolutions.md', 'spectra', [
  ['spectrum', ...rows.map(([architecture]) => `${networks[architecture].title}: λ₁, λ₁₆/λ₁, slope`)],
  ...spectra.map(([title, key]) => [
    title,
    ...rows.map(([, r]) => spectrumText({ ...r.spectra, activations: r.layers.at(-1) }[key])),
  ]),
]);
writeTable('convolutions.md', 'layers', [
  ['layer', ...rows.map(([architecture]) => networks[architecture].title)],
  ...Array.from({ length: Math.max(...rows.map(([, r]) => r.layers.length)) }, (_, i) => [
    String(i + 1),
    ...rows.map(([, r]) => (r.layers[i] === undefined ? '' : `${r.layers[i].weight}: ${spectrumText(r.layers[i])}`)),
  ]),
]);
process.stderr.write(`${record.seconds().toFixed(0)} s in all; tables written to docs/studies/convolutions.md\n`);

/** The subsets, written as a file that the commands read. */
async function examples() {
  const whole = await fashionMnist();
  const parts = {
    train: subset(whole.train, 0, settings.trainExamples),
    test: subset(whole.test, 0, settings.testExamples),
  };
  const file = join(scratch, 'fashion.npz');
  if (!existsSync(file)) {
    const arrays = Object.entries(parts).flatMap(([name, { inputs, labels, count }]) => [
      [`x_${name}`, { shape: [count, 1, 28, 28], data: inputs }],
      [`y_${name}`, { shape: [count], data: labels }],
    ]);
    writeFileSync(file, writeNpz(new Map(arrays)));
  }
  return parts;
}

async function analysis(architecture) {
  const out = join(scratch, architecture.replace(/\W/g, '-'));
  const { epochs } = networks[architecture];
  const { batchSize, curvatureExamples, top, stiffDirections, draws, examplesPerDraw, seed } = settings;
  const options = { epochs, batchSize, curvatureExamples, top, stiffDirections, draws, examplesPerDraw, seed };
  const flags = Object.entries(options).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ]);
  const density = ['--density-steps', '10', '--density-probes', '2'];
  const args = [
    'analyze',
    '--data',
    data,
    '--architecture',
    architecture,
    '--batch-norm',
    'fixed',
    ...flags,
    ...density,
  ];
  run([...args, '--input-examples', String(settings.trainExamples), '--out', out, '--force']);
  const { sections, setting } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  const spectrumOf = ({ eigenvalues, fit }) => ({
    top: eigenvalues[0],
    decay: eigenvalues[15] / eigenvalues[0],
    slope: fit?.slope,
  });
  const [plain] = sections.training;
  return {
    weights: setting.parameters,
    trainError: plain.final.trainError,
    testError: plain.final.testError,
    bound: sections.analyticBound?.best?.value,
    effectiveDimension: sections.effectiveDimension?.find(({ spectrum }) => spectrum === 'hessian')?.hard,
    spectra: {
      inputs: spectrumOf(sections.inputSpectrum),
      ...Object.fromEntries(sections.curvature.map((one) => [one.id, spectrumOf(one)])),
    },
    minutes: setting.seconds / 60,
  };
}

/** Spectra of what enters each layer at the end of the plain run, over positions and examples. */
function activations(architecture) {
  const file = join(scratch, architecture.replace(/\W/g, '-'), 'plain-network.npz');
  const text = completeArchitecture(architecture, { features: 784, classes: 10, shape: [1, 28, 28] });
  const network = parseArchitecture(text);
  const arrays = weightsFromNpz(readFileSync(file));
  const params = flatten(network, Object.fromEntries([...arrays].map(([name, { data: numbers }]) => [name, numbers])));
  const few = subset(train, 0, settings.curvatureExamples);
  return layerCorrelations(network, params, few).map(({ weight, inputWidth, activations: matrix }) => {
    const values = eigvalsh(matrix, inputWidth);
    const known = values.filter((value) => value > 1e-10 * values[0]).length;
    const to = Math.min(100, known - 1);
    return {
      weight,
      top: values[0],
      decay: (values[15] ?? 0) / values[0],
      slope: to > 12 ? spectrumDecay(values, { from: 10, to }).slope : undefined,
    };
  });
}

function optimised(architecture, text) {
  const out = join(scratch, `${architecture.replace(/\W/g, '-')}-bound`);
  const resume = existsSync(join(out, 'run.json')) ? ['--resume'] : [];
  run([
    'bound',
    '--data',
    data,
    '--architecture',
    architecture,
    ...text.split(' '),
    '--seed',
    String(settings.seed),
    '--out',
    out,
    ...resume,
  ]);
  const { sections, setting } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  const { value, vacuous, monteCarlo, test: held } = sections.networkBound;
  return { bound: value, vacuous, error: monteCarlo.mean, test: held?.mean, minutes: setting.seconds / 60 };
}

function run(args) {
  const { status } = spawnSync(process.execPath, [cli, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`hyperribbon ${args.join(' ')} ended with ${status}`);
}

/** Rounded up: what is said to be a bound stays one. */
function boundText(value) {
  if (value === undefined) return '';
  return `${(Math.ceil(value * 1e4) / 1e4).toFixed(4)}${value >= 0.9 ? ', vacuous' : ''}`;
}

function spectrumText({ top, decay, slope }) {
  return `${top.toPrecision(3)}, ${decay === 0 ? '–' : decay.toPrecision(2)}${slope === undefined ? '' : `, ${slope.toFixed(3)}`}`;
}
