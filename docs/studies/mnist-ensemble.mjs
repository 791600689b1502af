// The default study of `hyperribbon ribbon` on MNIST, recorded: its numbers without the coordinates of the maps, and the tables of
// the page. Runs are kept in a folder for temporary files, so that a study that was stopped goes on where it was.
//
//   node docs/studies/mnist-ensemble.mjs             runs the study, then records it
//   node docs/studies/mnist-ensemble.mjs FOLDER      records the study whose report.json is in FOLDER
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTable } from './record.mjs';

const cli = new URL('../../packages/cli/bin/hyperribbon.js', import.meta.url).pathname;
const here = new URL('./', import.meta.url);
const folder = process.argv[2] ?? join(tmpdir(), 'hyperribbon-mnist-ensemble');
if (process.argv[2] === undefined) {
  execFileSync(process.execPath, [cli, 'ribbon', '--out', folder, '--force'], { stdio: 'inherit' });
}
const study = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
if (!study.status.complete)
  throw new Error(`the study in ${folder} is not complete: ${study.status.missing.join(', ')}`);
const { setting, sections } = study;
const {
  inputSpectrum,
  linearRegression: { phase, widths },
  ensemble: { maps, ...ensemble },
} = sections;

const git = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const kept = {
  study: 'mnist-ensemble',
  machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.version, commit: git },
  setting: { ...setting, options: { ...setting.options, command: 'hyperribbon ribbon', runs: undefined } },
  inputSpectrum: { ...inputSpectrum, eigenvalues: inputSpectrum.eigenvalues.slice(0, 20) },
  phase: { steps: phase.steps, relativeStep: phase.relativeStep, point: phase.point, reached: phase.reached },
  widths,
  ensemble,
  maps: maps.map(({ samples, sampleCount, models, disjoint, stress, statement, maps: drawn }) => ({
    samples,
    sampleCount,
    models,
    disjoint,
    stress,
    statement,
    eigenvalues: Object.fromEntries(drawn.map(({ madeFrom, eigenvalues }) => [madeFrom, eigenvalues])),
  })),
};
writeFileSync(new URL('results/mnist-ensemble.json', here), `${JSON.stringify(kept, null, 1)}\n`);

const page = 'mnist-ensemble.md';
const percent = (x) => (100 * x).toFixed(1);
const range = (values) => {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(percent);
  return low === high ? low : `${low}–${high}`;
};

const names = [...new Set(ensemble.runs.map(({ configuration }) => configuration))];
writeTable(page, 'ensemble', [
  ['configuration', 'network', 'training', 'train error, %', 'test error, %'],
  ...names.map((name) => {
    const runs = ensemble.runs.filter(({ configuration }) => configuration === name);
    const { architecture, training } = runs[0];
    const errors = (key) => range(runs.map(({ final }) => final[key]));
    return [name, `\`${architecture}\``, training, errors('trainError'), errors('testError')];
  }),
]);
for (const { samples, stress, statement } of maps) {
  writeTable(page, `stress-${samples}`, [
    ['explained stress, %', ...[1, 2, 3, 5, 10].map((k) => `k = ${k}`)],
    ...stress.map(({ label, values }) => [label, ...[1, 2, 3, 5, 10].map((k) => percent(values[k - 1]))]),
  ]);
  const { perSeed, mean, deviation, ownMean, ratio, ratioDeviation } = statement;
  writeTable(page, `seeds-${samples}`, [
    ['seed', 'in the map of its linear runs, %', 'in their own map, %', 'ratio, %'],
    ...perSeed.map(({ seed, inLinear, own }) => [
      String(seed),
      percent(inLinear),
      percent(own),
      percent(inLinear / own),
    ]),
    [
      'mean ± s.d.',
      `${percent(mean)} ± ${percent(deviation)}`,
      percent(ownMean),
      `${percent(ratio)} ± ${percent(ratioDeviation)}`,
    ],
  ]);
}
writeTable(page, 'widths', [
  ['direction', ...Array.from({ length: 10 }, (_, k) => String(k + 1))],
  ['closed form', ...widths.predicted.slice(0, 10).map((width) => width.toPrecision(3))],
  ['simulated', ...widths.measured.slice(0, 10).map((width) => width.toPrecision(3))],
  ['standard error', ...widths.standardErrors.slice(0, 10).map((error) => error.toPrecision(1))],
]);
execFileSync('npx', ['prettier', '--write', new URL(page, here).pathname], { stdio: 'ignore' });
