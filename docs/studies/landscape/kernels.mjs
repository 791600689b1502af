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
  process.stderr.write(`${record.seconds().toFixed(0)} s in all; the table is in docs/studies/landscape/kernels.md\n`);
}

function writeRows(table, names, found) {
  // at ln 10 = 2.30 all classes are equally likely to the network: its kernel did not change because it learned nothing
  const learned = (runs) => runs.filter(({ trainingLoss }) => trainingLoss < 2);
  const cell = (runs, of, digits = 2) => {
    const values = learned(runs)
      .map(of)
      .filter((value) => value !== null && Number.isFinite(value));
    if (values.length < 2) return '–';
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
    // Student's t: 95 % of the mean over so many seeds
    const t = [12.706, 4.303, 3.182, 2.776][values.length - 2];
    return `${mean.toFixed(digits)} ± ${(t * Math.sqrt(variance / values.length)).toFixed(digits)}`;
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
