// Which goes with the gap, sharpness or the norms of Jacobians? node docs/studies/landscape/regularizers.mjs
import { gapCorrelations, inputNoise, regularizerRow, regularizerRun } from '@hyperribbon/landscape/regularizers';
import { constantSchedule, flatten, mixup, mlp, sam, sgd, smoothLabels } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { mean, openRecord, writeTable } from '../record.mjs';

const settings = {
  data: 'four Gaussian classes in ten dimensions, x = 0.7 M_c + N(0, I), M ~ N(0, I); drawn once, from seed 3',
  trainExamples: 120,
  testExamples: 2000,
  separation: 0.7,
  network: 'tanh 10-64-64-4, weights normal with variance 2/(in + out), biases 0; squared error',
  seeds: [0, 1],
  learningRate: 0.1,
  steps: 6000,
  regularizers: {
    'learning rate 0.4': { learningRate: 0.4, steps: 3000 },
    'weight decay 0.003': { weightDecay: 3e-3 },
    'label smoothing 0.4': { smoothing: 0.4 },
    'SAM, ρ = 0.3': { rho: 0.3 },
    'batches of 8': { batchSize: 8 },
    'early stop, 400 steps': { steps: 400 },
    'input noise 0.3': { noise: 0.3 },
    mixup: { mixup: 1 },
    'batch norms': { batchNorms: true },
  },
};

const record = openRecord('landscape/regularizers', settings);
const [features, classes] = [10, 4];

const means = stream({ seed: 3, purpose: 'means' }).normal(new Float64Array(classes * features));
function drawn(count, part) {
  const labels = Int32Array.from(stream({ seed: 3, purpose: `${part}/labels` }).uniform(new Float64Array(count)), (u) =>
    Math.floor(classes * u),
  );
  const noise = stream({ seed: 3, purpose: `${part}/inputs` }).normal(new Float64Array(count * features));
  const inputs = Float32Array.from(
    noise,
    (z, k) => settings.separation * means[labels[Math.floor(k / features)] * features + (k % features)] + z,
  );
  return { inputs, labels, count, features, classes };
}
const train = drawn(settings.trainExamples, 'train');
const test = drawn(settings.testExamples, 'test');

const network = mlp([features, 64, 64, classes], { activation: 'tanh' });
const normed = stack({
  input: [features],
  layers: [64, 64]
    .flatMap((out) => [{ kind: 'linear', out }, { kind: 'batchNorm' }, { kind: 'tanh' }])
    .concat([{ kind: 'linear', out: classes }]),
});

/** Matrices normal with variance 2/(in + out), gains 1, the rest 0. */
function start(net, seed) {
  const draws = stream({ seed, purpose: 'start' });
  const arrays = net.parameters.map(({ name, shape }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    if (shape.length === 2) {
      const scale = Math.sqrt(2 / (shape[0] + shape[1]));
      return [name, Float32Array.from(draws.normal(new Float64Array(size)), (z) => scale * z)];
    }
    return [name, new Float32Array(size).fill(net === normed && !/bias/.test(name) ? 1 : 0)];
  });
  return flatten(net, Object.fromEntries(arrays));
}

function regularizerOf(
  name,
  { learningRate, steps, weightDecay, smoothing, rho, batchSize, noise, mixup: alpha, batchNorms },
) {
  const size = batchSize ?? settings.trainExamples;
  const done = steps ?? settings.steps;
  return {
    name,
    options: {
      epochs: Math.round((done * size) / settings.trainExamples),
      batchSize: size,
      schedule: constantSchedule(learningRate ?? settings.learningRate),
      optimizer: sgd({ weightDecay: weightDecay ?? 0 }),
      ...(rho && { sharpnessAware: sam(rho) }),
      ...(noise && { augment: inputNoise(noise) }),
      ...(alpha && { augment: mixup({ alpha }) }),
    },
    ...(smoothing && {
      train: smoothLabels(smoothing)(
        { ...train, inputs: train.inputs.slice() },
        { seed: 0, step: 0, epoch: 0, batch: 0 },
      ),
    }),
    ...(batchNorms && { network: normed }),
  };
}

const comparison = { network, train, test, seeds: settings.seeds, start, dtype: 'float32' };
const rows = [];
for (const [name, changes] of Object.entries({ none: {}, ...settings.regularizers })) {
  const runs = [];
  for (const seed of settings.seeds)
    runs.push(
      await record.piece(`${name}, seed ${seed}`, () => regularizerRun(regularizerOf(name, changes), seed, comparison)),
    );
  rows.push(
    regularizerRow(
      name,
      runs.filter((run) => !('reason' in run)),
      runs.filter((run) => 'reason' in run),
    ),
  );
}

const range = (runs, measure, digits) => {
  const values = runs.map((run) => run[measure]);
  const half = (Math.max(...values) - Math.min(...values)) / 2;
  return `${mean(values).toFixed(digits)} ± ${half.toFixed(digits)}`;
};
writeTable('./landscape/regularizers.md', 'rows', [
  ['regulariser', 'S', 'max ‖Jf‖', 'mean ‖Jf‖', 'gap of losses', 'train loss', 'train accuracy', 'test accuracy'],
  ...rows.map(({ name, runs }) => [
    name,
    range(runs, 'sharpness', 2),
    range(runs, 'jacobianMax', 2),
    range(runs, 'jacobianMean', 2),
    range(runs, 'gap', 4),
    range(runs, 'trainLoss', 4),
    range(runs, 'trainAccuracy', 3),
    range(runs, 'testAccuracy', 3),
  ]),
]);

const seven = rows.filter(({ name }) => !['input noise 0.3', 'mixup', 'batch norms'].includes(name));
const oneNetwork = rows.filter(({ name }) => name !== 'batch norms');
const number = (value) => value.toFixed(2).replace('-', '−');
const line = (label, of) => {
  const { jacobianMean, jacobianMax, sharpness } = gapCorrelations(of);
  return [
    label,
    ...[jacobianMean, jacobianMax, sharpness].flatMap(({ pearson, spearman }) => [number(pearson), number(spearman)]),
  ];
};
writeTable('./landscape/regularizers.md', 'correlations', [
  ['rows', 'mean ‖Jf‖: Pearson', 'Spearman', 'max ‖Jf‖: Pearson', 'Spearman', 'S: Pearson', 'Spearman'],
  line('the first seven', seven),
  line('with noise and mixup', oneNetwork),
  line('with batch norms, too', rows),
]);
process.stderr.write(`${record.seconds().toFixed(0)} s of processor time\n`);
