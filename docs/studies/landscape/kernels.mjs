// Does the tangent kernel change less in wider networks, and do skips and batch norms matter? node docs/studies/landscape/kernels.mjs [width] [ablation]
import { fashionMnist, poolImages, subset } from '@hyperribbon/data';
import { kernelAgainstWidth, kernelFamilies, kernelSample } from '@hyperribbon/landscape/kernel';
import { momentum, stepSchedule } from '@hyperribbon/nn';
import { openRecord, writeTable } from '../record.mjs';

const settings = {
  data: 'Fashion-MNIST, pooled 2 × 2',
  examples: 256,
  widths: {
    mlp2: [16, 64, 256, 1024],
    mlp4: [16, 64, 256, 1024],
    convNet: [2, 4, 8, 16],
    resnet: [2, 4, 8, 16],
    noSkip: [2, 4, 8, 16],
    noNorm: [2, 4, 8, 16],
    plain: [2, 4, 8, 16],
  },
  seeds: [0, 1, 2, 3, 4],
  sample: { count: 25 },
  epochs: 60,
  batchSize: 32,
  momentum: 0.9,
  weightDecay: 5e-4,
  learningRate: { first: 0.05, factor: 0.2, every: 45 },
};

const { seeds, epochs, batchSize, learningRate } = settings;
const examples = poolImages(subset((await fashionMnist({ limit: 1000 })).train, 0, settings.examples));
const families = kernelFamilies({ image: [1, 14, 14], classes: 10 });
const sample = kernelSample(examples, settings.sample);
const training = {
  epochs,
  batchSize,
  optimizer: momentum(settings.momentum, { weightDecay: settings.weightDecay }),
  schedule: stepSchedule(learningRate.first, learningRate),
};

const tables = { width: ['mlp2', 'mlp4', 'convNet'], ablation: ['resnet', 'noSkip', 'noNorm', 'plain'] };
const asked = process.argv.slice(2);
for (const [table, names] of Object.entries(tables))
  if (asked.length === 0 || asked.includes(table)) await study(table, names);

async function study(table, names) {
  const record = openRecord(`landscape/kernels-${table}`, settings);
  const found = new Map(names.map((name) => [name, []]));
  // narrow widths first: what is there early is a whole picture
  for (let step = 0; step < 4; step++)
    for (const name of names) {
      const width = settings.widths[name][step];
      const { runs } = await record.piece(`${name}, width ${width}`, async () => {
        const { rows, runs } = await kernelAgainstWidth(families[name], examples, {
          widths: [width],
          seeds,
          sample,
          training,
        });
        return { rows, runs };
      });
      found.get(name).push({ width, runs });
    }
  writeRows(table, names, found);
  writeSlopes(table, names, found);
  if (table === 'ablation') writeEffects(found);
  process.stderr.write(`${record.seconds().toFixed(0)} s in all; the table is in docs/studies/landscape/kernels.md\n`);
}

/** At ln 10 = 2.30 all classes are equally likely to the network: its kernel did not change because it learned nothing. */
function learned(runs) {
  return runs.filter(({ trainingLoss }) => trainingLoss < 2);
}

function writeRows(table, names, found) {
  const cell = (runs, of, digits = 2) => {
    const values = learned(runs)
      .map(of)
      .filter((value) => value !== null && Number.isFinite(value));
    if (values.length < 2) return '–';
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
    return `${mean.toFixed(digits)} ± ${(student(values.length - 1) * Math.sqrt(variance / values.length)).toFixed(digits)}`;
  };
  writeTable('landscape/kernels.md', table, [
    [
      'network',
      'width',
      'weights',
      'seeds that learned',
      'correlation',
      'with statistics at the start',
      'relative change',
      'alignment, before',
      'after',
      'training loss',
    ],
    ...names.flatMap((name) =>
      found
        .get(name)
        .map(({ width, runs }) => [
          families[name].family,
          width,
          runs[0].parameters,
          `${learned(runs).length} of ${runs.length}`,
          cell(runs, ({ change }) => change.correlation),
          cell(runs, ({ changeWithStatistics }) => changeWithStatistics?.correlation ?? null),
          cell(runs, ({ change }) => change.relativeChange, 0),
          cell(runs, ({ change }) => change.alignmentBefore),
          cell(runs, ({ change }) => change.alignmentAfter),
          cell(runs, ({ trainingLoss }) => trainingLoss),
        ]),
    ),
  ]);
}

/** What the correlation gains by a width twice as large: least squares over all runs that learned. */
function writeSlopes(table, names, found) {
  const own = ({ change }) => change.correlation;
  const fromStatistics = ({ changeWithStatistics }) => changeWithStatistics?.correlation ?? null;
  const slope = (widths, of) => {
    const points = widths.flatMap(({ width, runs }) => learned(runs).map((run) => [Math.log2(width), of(run)]));
    return points.some(([, y]) => y === null) ? '–' : slopeOf(points);
  };
  const rows = names.map((name) => {
    const widths = found.get(name);
    const runs = widths.reduce((sum, one) => sum + learned(one.runs).length, 0);
    const wider = slope(widths.slice(1), own);
    return [families[name].family, runs, slope(widths, own), wider, slope(widths, fromStatistics)];
  });
  const head = ['network', 'runs that learned', 'correlation per doubling of the width', 'without the narrowest'];
  writeTable('landscape/kernels.md', `${table}-slopes`, [[...head, 'with statistics at the start'], ...rows]);
}

/** Differences between means of the correlation at one width, by Welch. */
function writeEffects(found) {
  const own = ({ change }) => change.correlation;
  const fromStatistics = ({ changeWithStatistics }) => changeWithStatistics.correlation;
  const rows = [
    ['skips, with batch norm', 'resnet', 'noSkip', own],
    ['the same with statistics at the start', 'resnet', 'noSkip', fromStatistics],
    ['skips, without batch norm', 'noNorm', 'plain', own],
    ['batch norm, with skips', 'resnet', 'noNorm', own],
    ['batch norm, without skips', 'noSkip', 'plain', own],
  ].map(([words, with_, without, of]) => [
    words,
    ...settings.widths[with_].map((_, i) => {
      const [a, b] = [with_, without].map((name) => moments(learned(found.get(name)[i].runs).map(of)));
      const error = Math.sqrt(a.square + b.square);
      const freedom = error ** 4 / (a.square ** 2 / (a.n - 1) + b.square ** 2 / (b.n - 1));
      const size = Math.abs(a.mean - b.mean).toFixed(2);
      return `${a.mean < b.mean && Number(size) > 0 ? '−' : ''}${size} ± ${(student(freedom) * error).toFixed(2)}`;
    }),
  ]);
  const head = ['gain of correlation by', ...settings.widths.resnet.map((width) => `width ${width}`)];
  writeTable('landscape/kernels.md', 'effects', [head, ...rows]);
}

function slopeOf(points) {
  const n = points.length;
  const [x, y] = [0, 1].map((k) => points.reduce((sum, point) => sum + point[k], 0) / n);
  const xx = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / xx;
  const rest = points.reduce((sum, point) => sum + (point[1] - y - slope * (point[0] - x)) ** 2, 0);
  return `${slope.toFixed(3)} ± ${(student(n - 2) * Math.sqrt(rest / (n - 2) / xx)).toFixed(3)}`;
}

/** Number, mean, and the square of the mean's standard error. */
function moments(values) {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  return { n, mean, square: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1) / n };
}

/** Student's t for 95 % to both sides; between whole degrees of freedom that of the smaller, which is the wider interval. */
function student(freedom) {
  const quantiles = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
    2.101,
  ];
  return quantiles[Math.min(quantiles.length, Math.floor(freedom + 1e-9)) - 1];
}
