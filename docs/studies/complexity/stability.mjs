// Do time averages of the loss depend more on a single example where labels are noisy? node docs/studies/complexity/stability.mjs
import { algorithmicStability, neighbourSets, recordTestLoss, stabilityCurve } from '@hyperribbon/complexity';
import { fashionMnist, labelNoise, poolImages, subset } from '@hyperribbon/data';
import { constantSchedule, mlp, momentum, train } from '@hyperribbon/nn';
import { openRecord, writeTable } from '../record.mjs';

const settings = {
  data: 'Fashion-MNIST, pooled 2 × 2: the first examples of train and test',
  layers: [196, 32, 10],
  activation: 'tanh',
  runs: 6,
  trainExamples: 500,
  testExamples: 500,
  noise: [0, 0.1, 0.25, 0.5],
  noiseSeed: 1,
  setSeed: 1,
  seed: 1,
  epochs: 800,
  burnIn: 300,
  batchSize: 25,
  momentum: 0.9,
  learningRate: 0.02,
  weightDecay: 0.005,
};

/** Mean of |A_k − A_k′| of the losses that the authors published, epochs 200 to 1199 of VGG on CIFAR-10, computed by us from their logs. */
const published = { 0: [0.01372, 10], 0.1: [0.02417, 8], 0.25: [0.03171, 8], 0.5: [0.04768, 8] };

const record = openRecord('stability', settings);
const { runs, burnIn } = settings;
const whole = await fashionMnist({ limit: 2000 });
const pool = poolImages(subset(whole.train, 0, settings.trainExamples + runs - 1));
const held = poolImages(subset(whole.test, 0, settings.testExamples));
const network = mlp(settings.layers, { activation: settings.activation });

const rows = [];
const curves = [];
for (const probability of settings.noise) {
  const { sets } = neighbourSets(labelNoise(pool, { probability, seed: settings.noiseSeed }), runs, settings.setSeed);
  const logs = [];
  for (const [k, set] of sets.entries())
    logs.push(numbersOf(await record.piece(`noise ${probability}, set ${k}`, () => run(set))));
  const losses = logs.map(({ test }) => test);
  const found = algorithmicStability(losses, { burnIn });
  const training = algorithmicStability(
    logs.map(({ train: own }) => own),
    { burnIn },
  );
  const times = found.averages.map(({ autocorrelation }) => autocorrelation.time);
  const mean = found.averages.reduce((sum, average) => sum + average.mean, 0) / runs;
  rows.push([
    `${100 * probability} %`,
    found.beta.toFixed(4),
    found.releasedError.toFixed(4),
    found.standardError.toFixed(4),
    found.noiseFloor.toFixed(4),
    mean.toFixed(3),
    training.beta.toFixed(4),
    `${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)}`,
    `${found.averages.filter(({ halves }) => halves.agree).length} of ${runs}`,
    `${published[probability][0].toFixed(4)} (${published[probability][1]} runs)`,
  ]);
  const curve = stabilityCurve(losses, { burnIn });
  curves.push([`${100 * probability} %`, ...[10, 25, 50, 100, 250, 500].map((t) => curve[t - 1].toFixed(4))]);
}
writeTable('complexity/stability.md', 'stability', [
  [
    'label noise',
    'β̂, test loss',
    'released error',
    'our error',
    'noise floor',
    'mean test loss',
    'β̂, training loss',
    'τ of the runs, epochs',
    'halves agree',
    'β̂ of published logs',
  ],
  ...rows,
]);
writeTable('complexity/stability.md', 'curve', [
  ['label noise', ...[10, 25, 50, 100, 250, 500].map((t) => `${t} epochs`)],
  ...curves,
]);
process.stderr.write(
  `${record.seconds().toFixed(0)} s in all; tables written to docs/studies/complexity/stability.md\n`,
);

async function run(set) {
  const log = recordTestLoss(held);
  const { history, reason } = await train(network, set, {
    epochs: settings.epochs,
    batchSize: settings.batchSize,
    optimizer: momentum(settings.momentum, { weightDecay: settings.weightDecay }),
    schedule: constantSchedule(settings.learningRate),
    hooks: [log],
    seed: settings.seed,
  });
  // as text: a line of its own for every number would make the record many times as long
  const short = (values) => values.map((x) => Number(x.toPrecision(5))).join(' ');
  return { reason, test: short(log.losses), train: short(history.map((epoch) => epoch.loss)) };
}

function numbersOf({ test, train: own }) {
  const numbers = (text) => text.split(' ').map(Number);
  return { test: numbers(test), train: numbers(own) };
}
