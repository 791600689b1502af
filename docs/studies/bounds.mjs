// Certified bounds on MNIST beside the published ones: node docs/studies/bounds.mjs [--only NAME]
//
// Every row is one `hyperribbon bound`; its certificate is kept under results/certificates. Runs live in HYPERRIBBON_STUDIES (default: the
// system's temporary folder); one that was stopped goes on from its checkpoint, one that is finished is not repeated. `means`: where the steps in the
// means were taken for the certificates that are kept.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { boundAtShare, parseCertificate, testSetBound } from '@hyperribbon/pac-bayes';
import { certifiedRun } from './certifiedRun.mjs';
import { openRecord, writeTable } from './record.mjs';

const testImages = 10_000;
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
    title: 'binary, 784-600-2, random labels learnt by heart',
    arguments:
      '--random-labels --method isotropic --start-epochs 70 --start-rate 1e-3 --epochs 0 --initial-std 0.1 --passes 1 --seed 1',
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
    // the second run of its kind, so the number of passes was chosen with the bound's examples: it pays for all that could have been
    chosen: 30,
  },
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
// a row's settings are its arguments: they name its piece, so that a change repeats that row only
const record = openRecord('bounds', { delta: '0.025 for the inequality, 0.01 for the draws' });
for (const [name, { arguments: text, means }] of Object.entries(runs)) {
  const all = means === undefined ? text : `${text} --means ${means}`;
  if (values.only === undefined || values.only === name) {
    const again = `--data mnist${text.includes('--task digits') ? ' --task digits' : ''} MODEL`;
    await record.piece(`${name}: ${text}`, () => certifiedRun(name, all, again));
  }
}
const recorded = JSON.parse(readFileSync(new URL('./results/bounds.json', import.meta.url), 'utf8')).pieces;
/** Rounded up: what is said to be a bound stays one. */
const up = (x) => (Math.ceil(x * 1e4) / 1e4).toFixed(4);
/** What the j-th of any number of priors pays, so that the data may have decided which. */
const shareOf = ({ chosen }) => (chosen === undefined ? 1 : 6 / (Math.PI * chosen) ** 2);
const count = Object.keys(runs).length;
const rows = Object.entries(runs).map(([name, run]) => {
  const { title, arguments: text, published } = run;
  const result = recorded[`${name}: ${text}`]?.value;
  if (result === undefined) return [title, 'not run yet', '', '', published, '', '', '', '', ''];
  const file = new URL(`./results/certificates/${name}.json`, import.meta.url);
  const certificate = parseCertificate(readFileSync(file));
  // every test example met weights of its own: as many independent trials of the same classifier
  const test = testSetBound(
    { errors: Math.round(result.test * testImages), examples: testImages },
    1 - result.confidence,
  );
  return [
    title,
    `${up(boundAtShare(certificate, shareOf(run)))}${result.vacuous ? ', vacuous' : ''}`,
    up(boundAtShare(certificate, shareOf(run) / count)),
    up(test.value),
    published,
    String(result.n),
    result.error.toFixed(4),
    result.kl.toFixed(1),
    result.test.toFixed(4),
    `${Math.round(result.minutes)} min`,
  ];
});
writeTable('bounds.md', 'bounds', [
  [
    'task',
    'certified',
    'all rows together',
    'test set of 10,000',
    'published',
    'n',
    'error of Q',
    'KL, nats',
    'test error of Q',
    'time',
  ],
  ...rows,
]);
