// Do filters of low rank resist attacks, and do networks that resist have them? node docs/studies/landscape/ranks.mjs
import { fashionMnist, subset } from '@hyperribbon/data';
import {
  adversarialExamples,
  effectiveRanks,
  rankMax,
  rankMin,
  robustAccuracy,
} from '@hyperribbon/landscape/regularizers';
import { constantSchedule, evaluate, momentum, train } from '@hyperribbon/nn';
import { resnet } from '@hyperribbon/nn/models';
import { mean, openRecord, writeTable } from '../record.mjs';

const settings = {
  data: 'Fashion-MNIST: the first training and test images, means of 2 × 2 pixels, 14 × 14 in [0, 1]',
  trainExamples: 1500,
  testExamples: 1000,
  attacked: 400,
  network: 'resnet(8), channels 4, 8, 16',
  seeds: [0, 1],
  batchSize: 64,
  momentum: 0.9,
  weightDecay: 2e-4,
  clipNorm: 1,
  before: { epochs: 15, learningRate: 0.05 },
  tuning: { epochs: 3, learningRate: 0.01, projectedAfter: [1, 2] },
  thresholds: { rankMin: 0.5, rankMax: 1.5 },
  training: { radius: 4 / 255, stepSize: 1 / 255, steps: 7 },
  testing: [8 / 255, 1 / 255].map((radius) => ({ radius, stepSize: radius / 4, steps: 20 })),
};

const record = openRecord('landscape/ranks', settings);
const images = await fashionMnist({ limit: settings.trainExamples });
const halved = ({ inputs, labels }, count) => {
  const small = new Float32Array(196 * count);
  for (let i = 0; i < count; i++)
    for (let p = 0; p < 784; p++) {
      const [row, column] = [Math.floor(p / 28) >> 1, p % 28 >> 1];
      small[196 * i + 14 * row + column] += inputs[784 * i + p] / 4;
    }
  const clamped = small.map((x) => Math.min(1, x));
  return { inputs: clamped, labels: labels.slice(0, count), count, features: 196, classes: 10, shape: [1, 14, 14] };
};
const examples = halved(images.train, settings.trainExamples);
const test = halved(images.test, settings.testExamples);
const attacked = subset(test, 0, settings.attacked);
const blocks = /^layer.*conv\d\.weight$/;

/** One epoch at a time: weights, running means and a projection in between, so momentum starts anew each epoch. */
async function trained(from, { seed, epochs, learningRate, augment, project }) {
  let { network, params } = from;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const run = await train(network, examples, {
      epochs: 1,
      batchSize: settings.batchSize,
      seed: 1000 * seed + epoch,
      initial: params,
      optimizer: momentum(settings.momentum, { weightDecay: settings.weightDecay }),
      schedule: constantSchedule(learningRate),
      clipNorm: settings.clipNorm,
      ...(augment && { augment: augment(network) }),
    });
    ({ network, params } = run);
    if (project && settings.tuning.projectedAfter.includes(epoch)) {
      const done = await project(network, params);
      params = done.params;
    }
  }
  return { network, params };
}

const projections = {
  RankMax: (network, params) =>
    rankMax(network, params, { threshold: settings.thresholds.rankMax, parameters: blocks }),
  RankMin: (network, params) =>
    rankMin(network, params, { threshold: settings.thresholds.rankMin, parameters: blocks }),
};
const attack = (network) => adversarialExamples(network, settings.training);
const ways = {
  untrained: null,
  'natural, before tuning': {},
  natural: { tuned: true },
  RankMax: { tuned: true, project: projections.RankMax },
  RankMin: { tuned: true, project: projections.RankMin },
  adversarial: { tuned: true, augment: attack },
  RankMaxAdv: { tuned: true, augment: attack, project: projections.RankMax },
  RankMinAdv: { tuned: true, augment: attack, project: projections.RankMin },
};

async function measured({ network, params }) {
  const ranks = await effectiveRanks(network, params, { parameters: blocks });
  const robust = [];
  for (const each of settings.testing) robust.push((await robustAccuracy(network, params, attacked, each)).robust);
  return {
    train: 1 - (await evaluate(network, params, examples)).error,
    clean: 1 - (await evaluate(network, params, test)).error,
    robust,
    ranks: ranks.map(({ name, effectiveRank, count, largest }) => ({
      name,
      effectiveRank,
      share: effectiveRank / Math.sqrt(count),
      largest,
    })),
  };
}

/** Trained once for each seed, and again where the study goes on after a stop. */
const starts = new Map();
async function startOf(seed) {
  if (!starts.has(seed)) {
    const network = resnet(8, { image: [1, 14, 14], width: 0.25 });
    const untrained = { network, params: network.init(seed) };
    starts.set(seed, { untrained, natural: await trained(untrained, { seed, ...settings.before }) });
  }
  return starts.get(seed);
}

const rows = [];
for (const [name, way] of Object.entries(ways)) {
  const runs = [];
  for (const seed of settings.seeds)
    runs.push(
      await record.piece(`${name}, seed ${seed}`, async () => {
        const { untrained, natural } = await startOf(seed);
        if (way === null) return measured(untrained);
        if (!way.tuned) return measured(natural);
        return measured(await trained(natural, { seed: seed + 500, ...settings.tuning, ...way }));
      }),
    );
  const percent = (of) => {
    const values = runs.map((run) => 100 * of(run));
    return `${mean(values).toFixed(1)} (${values.map((value) => value.toFixed(1)).join(', ')})`;
  };
  rows.push([
    name,
    percent(({ train: own }) => own),
    percent(({ clean }) => clean),
    percent(({ robust }) => robust[0]),
    percent(({ robust }) => robust[1]),
    mean(runs.map(({ ranks }) => mean(ranks.map(({ share }) => share)))).toFixed(3),
    mean(runs.map(({ ranks }) => Math.max(...ranks.map(({ largest }) => largest)))).toFixed(2),
  ]);
}
writeTable('./landscape/ranks.md', 'rows', [
  [
    'training',
    'train accuracy %',
    'clean test accuracy %',
    'robust, ε = 8/255',
    'robust, ε = 1/255',
    'effective rank / √count',
    'largest σ',
  ],
  ...rows,
]);
process.stderr.write(`${record.seconds().toFixed(0)} s of processor time\n`);
