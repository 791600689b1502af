// Certified bounds on MNIST beside the published ones: node docs/studies/bounds.mjs [--only NAME]
//
// Every row is one `hyperribbon bound`; its certificate is kept under results/certificates. Runs live in HYPERRIBBON_STUDIES (default: the
// system's temporary folder); one that was stopped goes on from its checkpoint, one that is finished is not repeated. `means`: where the steps in the
// means were taken for the certificates that are kept.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { certifiedRun } from './certifiedRun.mjs';
import { openRecord, writeTable } from './record.mjs';

const runs = {
  t600: {
    title: 'binary, 784-600-2, Method 4',
    arguments: '--epochs 30 --passes 10 --seed 1',
    means: 'basis',
    published: '0.161 (Dziugaite and Roy, random prior)',
  },
  't600-isotropic': {
    title: 'binary, 784-600-2, isotropic prior as in the published one',
    arguments: '--method isotropic --epochs 20 --passes 4 --seed 1',
    published: '0.161 (Dziugaite and Roy)',
  },
  t600x600: {
    title: 'binary, 784-600-600-2, Method 4',
    arguments: '--architecture mlp:relu:600,600 --epochs 18 --passes 4 --seed 1',
    means: 'basis',
    published: '0.186 (Dziugaite and Roy, isotropic prior)',
  },
  'random-labels': {
    title: 'binary, 784-600-2, random labels',
    arguments: '--random-labels --epochs 8 --passes 2 --seed 1',
    means: 'basis',
    published: '1.352, vacuous (Dziugaite and Roy)',
  },
  fcn: {
    title: 'ten digits, 784-600-600-600-10, prior trained on half',
    arguments:
      '--task digits --architecture mlp:relu:600,600,600 --prior-fraction 0.5 --prior-shift 2 --prior-epochs 25 --epochs 0 --passes 1 --seed 1',
    published: '0.0279 (Pérez-Ortiz and others, f_quad)',
  },
  cnn: {
    title: 'ten digits, LeNet with 12 and 24 channels, prior trained on half',
    arguments:
      '--task digits --architecture lenet:12,24:120,84:10 --prior-fraction 0.5 --prior-shift 2 --prior-epochs 30 --epochs 0 --passes 1 --seed 1',
    published: '0.0155 (Pérez-Ortiz and others, f_quad, four-layer network)',
  },
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
// a row's settings are its arguments: they name its piece, so that a change repeats that row only
const record = openRecord('bounds', { delta: '0.025 for the inequality, 0.01 for the draws' });
for (const [name, { arguments: text, means }] of Object.entries(runs)) {
  const all = means === undefined ? text : `${text} --means ${means}`;
  if (values.only === undefined || values.only === name) {
    const again = `--data mnist${text.includes('--task digits') ? ' --task digits' : ''} --model MODEL`;
    await record.piece(`${name}: ${text}`, () => certifiedRun(name, all, again));
  }
}
const recorded = JSON.parse(readFileSync(new URL('./results/bounds.json', import.meta.url), 'utf8')).pieces;
const rows = Object.entries(runs).map(([name, { title, arguments: text, published }]) => {
  const result = recorded[`${name}: ${text}`]?.value;
  if (result === undefined) return [title, 'not run yet', published, '', '', '', '', ''];
  return [
    title,
    // rounded up: what is said to be a bound stays one
    `${(Math.ceil(result.bound * 1e4) / 1e4).toFixed(4)}${result.vacuous ? ', vacuous' : ''}`,
    published,
    String(result.n),
    result.error.toFixed(4),
    result.kl.toFixed(1),
    result.test.toFixed(4),
    `${Math.round(result.minutes)} min`,
  ];
});
writeTable('bounds.md', 'bounds', [
  ['task', 'certified', 'published', 'n', 'error of Q', 'KL, nats', 'test error of Q', 'time'],
  ...rows,
]);
