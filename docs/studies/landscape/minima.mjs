// Are the constructed minima minima, on images too, and what do bad starts lead to? nice node docs/studies/landscape/minima.mjs
import { fashionMnist, labelNoise, mnist, poolImages } from '@hyperribbon/data';
import {
  betterPoint,
  certifyMinimum,
  constructMinimum,
  linearMinimum,
  runawayModel,
  separatingFeatures,
  trainFromBadStarts,
} from '@hyperribbon/landscape/minima';
import { mlp } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { openRecord, writeTable } from '../record.mjs';

const settings = {
  images:
    'averaged 4 × 4 to 7 × 7, first 5,000, labels replaced with probability 0.15 (seed 0); pixels above 0.1 in too few images set to 0',
  sets: { MNIST: 250, 'Fashion-MNIST': 50 },
  networks: {
    dense: '49-12-12-10',
    convolutional: '7 × 7, conv 3 × 3 to 1 channel, conv 3 × 3 with stride 2 to 4, dense 64-10',
  },
  better: { epochs: 300, batchSize: 100, learningRate: 3e-3, seed: 0 },
  runawayIterations: 20,
  badStarts: { count: 200, features: 10, classes: 4, epochs: 2857, batchSize: 32, learningRate: 0.01 },
};
const losses = ['softmax-cross-entropy', 'squared-error'];
const loaders = { MNIST: mnist, 'Fashion-MNIST': fashionMnist };

const record = openRecord('landscape/minima', settings);
const networks = {
  dense: mlp([49, 12, 12, 10], { activation: 'relu' }),
  convolutional: stack({
    input: [1, 7, 7],
    layers: [
      { kind: 'conv2d', out: 1, kernel: 3, padding: 1 },
      { kind: 'relu' },
      { kind: 'conv2d', out: 4, kernel: 3, stride: 2, padding: 1 },
      { kind: 'relu' },
      { kind: 'flatten' },
      { kind: 'linear', out: 10 },
    ],
  }),
};

const rows = [];
for (const [set, least] of Object.entries(settings.sets)) {
  const data = await images(set, least);
  for (const loss of losses) {
    const linear = await record.piece(`${set}, ${loss}, affine`, async () => {
      const { weights, bias, ...rest } = await linearMinimum(data, { loss });
      return { ...rest, weights: Array.from(weights), bias: Array.from(bias), largestWeight: largest(weights) };
    });
    for (const [kind, network] of Object.entries(networks)) {
      const certificate = await record.piece(`${set}, ${loss}, ${kind}`, async () => {
        const model = { ...linear, weights: Float64Array.from(linear.weights), bias: Float64Array.from(linear.bias) };
        const { params, rank } = await constructMinimum(network, data, { loss, linear: model });
        const found = await certifyMinimum(network, params, data, {
          loss,
          linear: model,
          onProgress: ({ detail }) => process.stderr.write(`  ${detail}\n`),
        });
        return { ...found, pairs: rank, weights: network.size };
      });
      const better = await record.piece(`${set}, ${loss}, ${kind}, better`, async () => {
        const { params: _params, ...found } = await betterPoint(network, data, { loss, ...settings.better });
        return found;
      });
      rows.push([set, short(loss), kind, ...cells({ ...certificate, better })]);
    }
  }
}
writeTable('landscape/minima.md', 'minima', [
  [
    'images',
    'loss',
    'network',
    'weights',
    'loss',
    'minus affine',
    'gradient',
    'λ min',
    'λ max',
    'rank',
    'margin',
    'better',
    'verdict',
  ],
  ...rows,
]);

const unattained = [];
for (const [set, least] of [
  ['MNIST', 0],
  ['Fashion-MNIST', 0],
])
  unattained.push([set, ...(await withoutMinimum(set, least))]);
writeTable('landscape/minima.md', 'unattained', [
  [
    'pixels 0 or 1, none left out',
    'blamed features',
    'the rarest',
    'largest weight after 20 iterations',
    'smallest curvature of the largest',
  ],
  ...unattained,
]);

const bad = await record.piece('bad starts', async () => {
  const { epochs, batchSize, learningRate } = settings.badStarts;
  const data = clusters();
  const { loss } = await linearMinimum(data);
  const starts = [
    { kind: 'usual' },
    { kind: 'biases-shifted', by: 20 },
    { kind: 'biases-shifted', by: -20 },
    { kind: 'biases-uniform', bound: 50 },
    { kind: 'biases-uniform', bound: 10 },
    { kind: 'biases-uniform', bound: 2 },
  ];
  const network = mlp([10, 32, 32, 4], { activation: 'relu' });
  return { affine: loss, rows: await trainFromBadStarts(network, data, { starts, epochs, batchSize, learningRate }) };
});
writeTable('landscape/minima.md', 'bad-starts', [
  [
    'start',
    'loss before',
    'gradient',
    'λ min',
    'loss after',
    'gradient',
    'λ min',
    'units the same for all examples, before',
    'after',
  ],
  ...bad.rows.map(({ start, before, after }) => [
    named(start),
    ...[before, after].flatMap(({ loss, gradientNorm, smallest }) => [
      loss.toFixed(4),
      gradientNorm.toPrecision(2),
      smallest.value.toPrecision(2),
    ]),
    ...[before, after].map(({ settled }) => settled.map((share) => share.toFixed(2)).join(', ')),
  ]),
]);

async function images(set, least, binary = false) {
  const { train } = await loaders[set]({ limit: 5000 });
  const small = labelNoise(poolImages(train, { factor: 4 }), { probability: 0.15, seed: 0 });
  const { count, features } = small;
  const lit = new Int32Array(features);
  small.inputs.forEach((x, i) => (lit[i % features] += x > 0.1 ? 1 : 0));
  const inputs = Float64Array.from(small.inputs, (x, i) =>
    lit[i % features] < least ? 0 : binary ? Number(x > 0.1) : x,
  );
  return { ...small, count, inputs };
}

async function withoutMinimum(set, least) {
  const found = await record.piece(`${set}, without minimum`, async () => {
    const data = await images(set, least, true);
    const separation = separatingFeatures(data);
    const refused = await linearMinimum(data).catch(({ name, message }) => ({ name, message }));
    const { curvature, weights, loss } = await runawayModel(data, settings.runawayIterations);
    return { separation, refused, curvature, loss, largestWeight: largest(weights) };
  });
  const { features } = found.separation;
  const rarest = features.reduce((a, b) => (b.examples < a.examples ? b : a));
  return [
    features.length,
    `pixel ${rarest.feature} ${rarest.side === 'above-least' ? 'lit' : 'dark'} in ${rarest.examples} images, none of class ${rarest.missing.join(', ')}`,
    found.largestWeight.toFixed(1),
    found.curvature.toExponential(1),
  ];
}

function cells({ weights, loss, linearLoss, gradientNorm, smallest, largest, rank, margin, better, verdict }) {
  return [
    weights,
    loss.toFixed(6),
    (loss - linearLoss).toExponential(1),
    gradientNorm.toExponential(1),
    `${smallest.value.toExponential(1)} ± ${smallest.residualNorm.toExponential(1)}`,
    largest.value.toPrecision(6),
    `${rank.found} = ${rank.formula}${rank.found === rank.predicted ? '' : ` (predicted ${rank.predicted})`}`,
    margin.toFixed(3),
    better.loss.toFixed(4),
    verdict,
  ];
}

/** Four clusters in ten dimensions, features standardised. */
function clusters() {
  const { count, features, classes } = settings.badStarts;
  const means = stream({ seed: 1, purpose: 'study.means' }).normal(new Float64Array(classes * features));
  const inputs = stream({ seed: 1, purpose: 'study.points' }).normal(new Float64Array(count * features));
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  labels.forEach((c, i) => {
    for (let j = 0; j < features; j++) inputs[i * features + j] += 0.8 * means[c * features + j];
  });
  for (let j = 0; j < features; j++) {
    let [mean, square] = [0, 0];
    for (let i = 0; i < count; i++) mean += inputs[i * features + j] / count;
    for (let i = 0; i < count; i++) square += (inputs[i * features + j] - mean) ** 2 / count;
    for (let i = 0; i < count; i++) inputs[i * features + j] = (inputs[i * features + j] - mean) / Math.sqrt(square);
  }
  return { count, features, classes, inputs, labels };
}

function named(start) {
  if (start.kind === 'usual') return 'usual';
  if (start.kind === 'biases-shifted') return `biases ${start.by > 0 ? '+' : '−'}${Math.abs(start.by)}`;
  return `biases U(−${start.bound}, ${start.bound})`;
}

function short(loss) {
  return loss === 'squared-error' ? 'squared error' : 'cross-entropy';
}

function largest(values) {
  return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}
