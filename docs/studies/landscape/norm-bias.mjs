// Is it small weights that generalise, or weights of some norm? node docs/studies/landscape/norm-bias.mjs
import { fashionMnist, subset } from '@hyperribbon/data';
import { evaluate, mlp, momentum, multiStepSchedule, train } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { mean, openRecord, spread, writeTable } from '../record.mjs';

const settings = {
  data: 'Fashion-MNIST: the first 4,000 training images, all 10,000 test images, pixels in [0, 1]',
  trainExamples: 4000,
  seeds: [0, 1, 2, 3, 4],
  epochs: 40,
  batchSize: 64,
  momentum: 0.9,
  learningRate: 0.02,
  milestones: [28, 36],
  factor: 0.1,
  strength: 0.005,
  networks: {
    dense: {
      targets: [30, 60, 120, 240, 480],
      decays: [5e-4, 5e-3],
    },
    'batch norms': {
      targets: [240],
      decays: [5e-3],
    },
  },
};

const networks = {
  dense: () => mlp([784, 64, 64, 10], { activation: 'relu' }),
  'batch norms': () =>
    stack({
      input: [784],
      layers: [
        { kind: 'linear', out: 64 },
        { kind: 'batchNorm' },
        { kind: 'relu' },
        { kind: 'linear', out: 64 },
        { kind: 'batchNorm' },
        { kind: 'relu' },
        { kind: 'linear', out: 10 },
      ],
    }),
};

const record = openRecord('landscape/norm-bias', settings);
const images = await fashionMnist({ limit: 10_000 });
const examples = subset(images.train, 0, settings.trainExamples);

async function run(name, seed, { weightDecay = 0, normBias }) {
  const network = networks[name]();
  const { epochs, batchSize, milestones, factor } = settings;
  const steps = [];
  let squares = NaN;
  const trained = await train(network, examples, {
    epochs,
    batchSize,
    seed,
    optimizer: momentum(settings.momentum, { weightDecay }),
    schedule: multiStepSchedule(settings.learningRate, { milestones, factor }),
    ...(normBias && { normBias }),
    hooks: [
      {
        onStep({ weights, steps: done, of }) {
          if (done * 20 < of * 19) return;
          squares = weights.reduce((sum, w) => sum + w * w, 0);
          steps.push(squares);
        },
      },
    ],
  });
  const of = async (part) => (await evaluate(trained.network, trained.params, part)).error;
  const loss = (await evaluate(trained.network, trained.params, examples)).loss;
  return {
    trainAccuracy: 1 - (await of(examples)),
    testAccuracy: 1 - (await of(images.test)),
    trainLoss: loss,
    squares,
    // over the last twentieth of the steps
    least: Math.min(...steps),
    most: Math.max(...steps),
    start: trained.initial.reduce((sum, w) => sum + w * w, 0),
  };
}

const regularisers = ({ targets, decays }) => [
  ['none', {}],
  ...decays.map((weightDecay) => [`weight decay ${weightDecay}`, { weightDecay }]),
  ...targets.map((target) => [`norm bias, μ² = ${target}`, { normBias: { target, strength: settings.strength } }]),
];

for (const [name, plan] of Object.entries(settings.networks)) {
  const rows = [
    [
      'regulariser',
      '‖θ‖² at the end',
      'furthest from μ², last 5 % of the steps',
      'train accuracy %',
      'test accuracy %',
    ],
  ];
  for (const [label, options] of regularisers(plan)) {
    const runs = [];
    for (const seed of settings.seeds)
      runs.push(await record.piece(`${name}, ${label}, seed ${seed}`, () => run(name, seed, options)));
    const target = options.normBias?.target;
    const off = runs.map(({ least, most }) => Math.max(Math.abs(least / target - 1), Math.abs(most / target - 1)));
    rows.push([
      label,
      spread(
        runs.map(({ squares }) => squares),
        1,
      ),
      target === undefined ? '' : `${(100 * Math.max(...off)).toFixed(2)} %`,
      spread(
        runs.map(({ trainAccuracy }) => 100 * trainAccuracy),
        2,
      ),
      spread(
        runs.map(({ testAccuracy }) => 100 * testAccuracy),
        2,
      ),
    ]);
  }
  process.stderr.write(`${rows.map((row) => row.join(' | ')).join('\n')}\n`);
  writeTable('./landscape/norm-bias.md', name, rows);
}
process.stderr.write(`${mean([record.seconds()]).toFixed(0)} s of processor time\n`);
