// Does the distance of fine-tuning in the metric of the Hessian order the gaps? node docs/studies/capacity/fine-tuning.mjs
import { kendallTau } from '@hyperribbon/complexity/judge';
import { fashionMnist, labelNoise, mnist, poolImages, subset } from '@hyperribbon/data';
import { fineTuningBound, fineTuningDistance } from '@hyperribbon/landscape/capacity';
import { adam, constantSchedule, evaluate, mlp, train } from '@hyperribbon/nn';
import { mean, openRecord, writeTable } from '../record.mjs';

const settings = {
  data: 'MNIST before, Fashion-MNIST after, pooled 2 × 2',
  layers: [196, 64, 64, 10],
  activation: 'relu',
  before: { examples: 10000, epochs: 10 },
  after: { examples: [200, 1000], noise: [0, 0.2, 0.4, 0.6], epochs: [5, 50], learningRate: 1e-3, batchSize: 50 },
  heads: ['W3'],
  heldOut: 1000,
  batchSize: 100,
  positiveSteps: 20,
  seeds: [1, 2, 3],
};

const record = openRecord('capacity/fine-tuning', settings);
const { after, seeds, heads } = settings;
const seed = seeds[0];
const network = mlp(settings.layers, { activation: settings.activation });
const source = poolImages(
  subset((await mnist({ limit: settings.before.examples })).train, 0, settings.before.examples),
);
const target = await fashionMnist({ limit: 3000 });
// what is measured has the labels' noise of what was trained on: the gap is of one distribution
const examplesOf = (set, from, to, noise, noiseSeed) => {
  const clean = poolImages(subset(set, from, to));
  return noise === 0 ? clean : labelNoise(clean, { probability: noise, seed: noiseSeed });
};

const { params: start } = await train(network, source, { epochs: settings.before.epochs, batchSize: 100, seed });
// the head is new
const head = network.size - settings.layers[2] * 10 - 10;
start.set(network.init(seed + 1).subarray(head), head);

const runs = [];
for (const count of after.examples)
  for (const noise of after.noise)
    for (const epochs of after.epochs)
      for (const own of seeds) {
        const key = `${count} images, noise ${noise}, ${epochs} epochs, seed ${own}`;
        runs.push({ count, noise, epochs, ...(await record.piece(key, () => tuned(count, noise, epochs, own))) });
      }

async function tuned(count, noise, epochs, own) {
  const from = (own - 1) * Math.max(...after.examples);
  const examples = examplesOf(target.train, from, from + count, noise, own);
  const heldOut = examplesOf(target.test, 0, settings.heldOut, noise, own + 100);
  const { params } = await train(network, examples, {
    initial: start.slice(),
    epochs,
    batchSize: after.batchSize,
    optimizer: adam(),
    schedule: constantSchedule(after.learningRate),
    seed: own,
  });
  const [training, test] = [await evaluate(network, params, examples), await evaluate(network, params, heldOut)];
  const { batchSize, positiveSteps } = settings;
  const layers = await fineTuningDistance(network, params, start, heldOut, { batchSize, positiveSteps, heads });
  return { training: training.loss, test: test.loss, testError: test.error, layers };
}

const total = (layers, of) => layers.reduce((sum, layer) => sum + of(layer), 0);
const roots = ({ layers, count, training }) =>
  fineTuningBound(
    layers.map(({ positive }) => positive.max),
    { count, most: 1, training },
  ).gap;
const measures = {
  'Σ √(h⁺/n)': roots,
  'Σ √(h/n), blocks': ({ layers, count }) => total(layers, ({ block }) => Math.sqrt(Math.max(block.max, 0) / count)),
  'Σ √(h/n), with terms between layers': ({ layers, count }) =>
    total(layers, ({ joint }) => Math.sqrt(Math.max(joint.max, 0) / count)),
  'Σ h⁺': ({ layers }) => total(layers, ({ positive }) => positive.max),
  'Σ ‖v‖/√n': ({ layers, count }) => total(layers, ({ distance }) => distance) / Math.sqrt(count),
  'Σ ‖v‖': ({ layers }) => total(layers, ({ distance }) => distance),
};
const gaps = runs.map(({ test, training }) => test - training);
writeTable('capacity/fine-tuning.md', 'order', [
  ['measure', 'Kendall’s τ with the gap, all runs', ...after.examples.map((count) => `${count} images`)],
  ...Object.entries(measures).map(([name, measure]) => {
    const tau = (some) =>
      kendallTau(
        some.map((i) => measure(runs[i])),
        some.map((i) => gaps[i]),
      ).toFixed(2);
    const all = runs.map((_, i) => i);
    return [name, tau(all), ...after.examples.map((count) => tau(all.filter((i) => runs[i].count === count)))];
  }),
]);
const settingsOf = [];
for (let first = 0; first < runs.length; first += seeds.length)
  settingsOf.push(Array.from({ length: seeds.length }, (_, i) => first + i));
writeTable('capacity/fine-tuning.md', 'runs', [
  [
    'images',
    'label noise',
    'epochs',
    'training loss',
    'gap',
    'Σ √(h⁺/n)',
    'h⁺ of the three layers',
    '‖v‖ of the three',
  ],
  ...settingsOf.map((some) => {
    const of = (value) => mean(some.map((i) => value(runs[i], i)));
    const layers = (value) =>
      [0, 1, 2].map((layer) => of(({ layers: own }) => value(own[layer])).toPrecision(3)).join(', ');
    const { count, noise, epochs } = runs[some[0]];
    return [
      count,
      `${100 * noise} %`,
      epochs,
      of(({ training }) => training).toFixed(3),
      of((_, i) => gaps[i]).toFixed(3),
      of(roots).toFixed(3),
      layers(({ positive }) => positive.max),
      layers(({ distance }) => distance),
    ];
  }),
]);
process.stderr.write(
  `${record.seconds().toFixed(0)} s in all; tables written to docs/studies/capacity/fine-tuning.md\n`,
);
