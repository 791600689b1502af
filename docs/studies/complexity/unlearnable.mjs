// Which unlearnable data does orthogonal projection make learnable again? node docs/studies/complexity/unlearnable.mjs
import {
  autoregressivePoison,
  autoregressiveProcesses,
  classwisePoison,
  projectionAttack,
  softmaxRegression,
} from '@hyperribbon/complexity';
import { fashionMnist } from '@hyperribbon/data';
import { cosineSchedule, countMistakes, logits, momentum, train } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { openRecord, spread, writeTable } from '../record.mjs';
import { pairsOfImages } from './unlearnable/pairsOfImages.mjs';

const settings = {
  data: 'Fashion-MNIST: the first examples of train and test, pixels in [0, 1]; perturbed images are not clipped',
  seeds: [0, 1],
  pairs: { kinds: [1, 8], trainExamples: 1000, testExamples: 900, epochs: 12, batchSize: 50 },
  learningRate: 0.02,
  momentum: 0.9,
  weightDecay: 1e-4,
  classwise: { patch: 4, size: 3 },
  autoregressive: { size: 4, seed: 1, response: 10 },
  attack: { epochs: 40, batchSize: 128, learningRate: 0.1 },
};

const record = openRecord('unlearnable', settings);
const whole = await fashionMnist({ limit: 12_000 });
const convolution = (out, stride) => [
  { kind: 'conv2d', out, kernel: 3, stride, padding: 1 },
  { kind: 'batchNorm' },
  { kind: 'relu' },
];
const { kinds, trainExamples, testExamples } = settings.pairs;
const data = pairsOfImages(whole.train, kinds, trainExamples);
const held = pairsOfImages(whole.test, kinds, testExamples);
const network = stack({
  input: [1, 14, 28],
  layers: [
    ...[convolution(8, 1), convolution(16, 2)].flat(),
    { kind: 'flatten' },
    { kind: 'linear', out: 32 },
    { kind: 'relu' },
    { kind: 'linear', out: 2 },
  ],
});
const poisons = {
  'class-wise': () => classwisePoison(data, { ...settings.classwise, clip: 'none' }),
  autoregressive() {
    const { size, seed, response } = settings.autoregressive;
    const search = { classes: 2, channels: 1, height: 14, width: 28, seed, response };
    return autoregressivePoison(data, { size, clip: 'none', processes: autoregressiveProcesses(search) });
  },
};

const linear = await record.piece('clean, linear classifier', async () => {
  const { accuracy } = await softmaxRegression(data, settings.attack);
  return { accuracy };
});
const rows = [['clean', '', '', linear.accuracy.toFixed(3), '', '', spread(await tested('clean', data), 3)]];
for (const [title, make] of Object.entries(poisons)) {
  const { examples } = make();
  rows.push([title, 'none', '', '', '', '', spread(await tested(title, examples), 3)]);
  for (const [how, options] of [
    ['from zero', {}],
    ['from ±1/√D', { initialScale: 1 }],
  ])
    rows.push(await projected(title, examples, how, options));
}
writeTable('complexity/unlearnable.md', 'pairs', [
  [
    'training data',
    'projection',
    'rank',
    'linear training accuracy',
    'contrast of the poison left',
    'clean energy taken',
    'test accuracy',
  ],
  ...rows,
]);
process.stderr.write(
  `${record.seconds().toFixed(0)} s in all; table written to docs/studies/complexity/unlearnable.md\n`,
);

async function projected(title, examples, how, options) {
  let made;
  const attack = async () =>
    (made ??= await projectionAttack(examples, { ...settings.attack, ...options, clean: data.inputs }));
  const key = `${title}, projected ${how}`;
  const { rank, accuracy, removed } = await record.piece(key, async () => {
    const found = await attack();
    return { rank: found.rank, accuracy: found.accuracy, removed: found.removed };
  });
  const accuracies = await tested(key, async () => (await attack()).examples);
  return [
    title,
    how,
    rank,
    accuracy.toFixed(3),
    removed.contrast.toFixed(3),
    removed.cleanShare.toFixed(4),
    spread(accuracies, 3),
  ];
}

/** Accuracy on clean test pairs, seed by seed. @param given examples, or a function that makes them where a run is needed */
async function tested(title, given) {
  const { epochs, batchSize } = settings.pairs;
  const found = [];
  for (const seed of settings.seeds)
    found.push(
      await record.piece(`${title}, seed ${seed}`, async () => {
        const examples = typeof given === 'function' ? await given() : given;
        const { params, network: trained } = await train(network, examples, {
          epochs,
          batchSize,
          optimizer: momentum(settings.momentum, { weightDecay: settings.weightDecay }),
          schedule: cosineSchedule(settings.learningRate, 0),
          seed,
        });
        const z = logits(trained, params, held, { dtype: 'float32' });
        return 1 - countMistakes(z, held.labels, network.classes) / held.count;
      }),
    );
  return found;
}
