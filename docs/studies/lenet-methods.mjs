// Methods 2 to 4 beside Dziugaite and Roy's for a convolutional network: node docs/studies/lenet-methods.mjs [--only NAME]
//
// Every row is one `hyperribbon bound` and one `hyperribbon verify` with its weights; certificates are kept under results/certificates. Runs live in
// HYPERRIBBON_STUDIES (default: the system's temporary folder).
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { boundAtShare, parseCertificate } from '@hyperribbon/pac-bayes';
import { certifiedRun } from './certifiedRun.mjs';
import { openRecord, writeTable } from './record.mjs';

const common =
  '--task digits --architecture lenet --epochs 3 --batch-size 250 --learning-rate 0.005 --initial-std 0.2 --seed 1';
const drawn = '--curvature-examples 1000 --networks 1500';
const runs = {
  'lenet-isotropic': {
    title: 'Dziugaite–Roy',
    arguments: `--method isotropic --passes 1 ${common}`,
    verify: ' MODEL',
  },
  'lenet-method2': {
    title: 'Method 2',
    arguments: `--method method2 ${drawn} ${common}`,
    verify: ' MODEL --passes 500',
  },
  'lenet-method3': {
    title: 'Method 3',
    arguments: `--method method3 --start-epochs 1 --curvature-examples 250 --networks 1500 ${common}`,
    verify: ' MODEL --passes 500',
  },
  'lenet-method4': {
    title: 'Method 4',
    arguments: `--method method4 ${drawn} ${common}`,
    verify: ' MODEL --passes 500',
  },
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const record = openRecord('lenet-methods', { delta: '0.025 for the inequality, 0.01 for the draws' });
for (const [name, { arguments: text, verify }] of Object.entries(runs)) {
  if (values.only !== undefined && values.only !== name) continue;
  await record.piece(`${name}: ${text}`, () => certifiedRun(name, text, `--data mnist --task digits${verify}`));
}
const recorded = JSON.parse(readFileSync(new URL('./results/lenet-methods.json', import.meta.url), 'utf8')).pieces;
const rows = Object.entries(runs).map(([name, { title, arguments: text }]) => {
  const result = recorded[`${name}: ${text}`]?.value;
  if (result === undefined) return [title, 'not run yet', '', '', '', '', '', '', '', ''];
  const certificate = parseCertificate(readFileSync(new URL(`./results/certificates/${name}.json`, import.meta.url)));
  const together = boundAtShare(certificate, 1 / Object.keys(runs).length);
  return [
    title,
    // rounded up: what is said to be a bound stays one
    `${(Math.ceil(result.bound * 1e4) / 1e4).toFixed(4)}${result.vacuous ? ', vacuous' : ''}`,
    (Math.ceil(together * 1e4) / 1e4).toFixed(4),
    result.plugIn.toFixed(4),
    result.error.toFixed(4),
    result.limit.toFixed(4),
    result.test.toFixed(4),
    result.klDisplacement.toFixed(0),
    result.klCovariance.toFixed(0),
    `${Math.round(result.minutes)} min`,
  ];
});
writeTable('lenet-methods.md', 'methods', [
  [
    'method',
    'certified',
    'all rows together',
    'mean as exact',
    'error of Q',
    'its limit',
    'test error of Q',
    'KL, distance',
    'KL, shape',
    'time',
  ],
  ...rows,
]);
