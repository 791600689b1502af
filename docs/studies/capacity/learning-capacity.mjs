// How many directions have been learned from N images? node docs/studies/capacity/learning-capacity.mjs
import { mnist, poolImages, randomLabels, subset } from '@hyperribbon/data';
import { learningCapacity, learningCurve } from '@hyperribbon/landscape/capacity';
import { adam, cosineSchedule, mlp } from '@hyperribbon/nn';
import { openRecord, writeTable } from '../record.mjs';

const settings = {
  data: 'MNIST averaged to 7 × 7',
  networks: { 'softmax regression': [49, 10], '32 hidden units': [49, 32, 10] },
  activation: 'tanh',
  counts: [25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800],
  repeats: 6,
  pool: 20000,
  heldOut: 5000,
  steps: 4000,
  batchSize: 100,
  learningRate: [5e-3, 1e-4],
  weightDecay: 1e-3,
  seed: 1,
};

const record = openRecord('capacity/learning-capacity', settings);
const { counts, repeats, seed, batchSize, steps, weightDecay, learningRate } = settings;
const whole = await mnist({ limit: settings.pool });
const sevenths = (examples) => poolImages(poolImages(examples));
const pool = sevenths(subset(whole.train, 0, settings.pool));
const heldOut = sevenths(subset(whole.test, 0, settings.heldOut));
/** as many steps for every size */
const training = (count) => ({
  epochs: Math.round(steps / Math.ceil(count / batchSize)),
  batchSize,
  optimizer: adam({ weightDecay }),
  schedule: cosineSchedule(...learningRate),
});

const sets = {
  MNIST: [pool, heldOut],
  'labels at random': [randomLabels(pool, seed), randomLabels(heldOut, seed + 1)],
};
const columns = [];
for (const [name, layers] of Object.entries(settings.networks))
  for (const [set, [examples, unseen]] of Object.entries(sets)) {
    const network = mlp(layers, { activation: settings.activation });
    const points = [];
    for (const count of counts)
      points.push(
        ...(await record.piece(`${name}, ${set}, ${count} images`, () =>
          learningCurve(network, examples, unseen, { counts: [count], repeats, seed, training }),
        )),
      );
    columns.push({ name, set, size: network.size, points: learningCapacity(points, { seed }) });
  }

writeTable('capacity/learning-capacity.md', 'capacity', [
  ['images', ...columns.map(({ name, set, size }) => `${name}, ${set} (${size / 2} is K/2)`)],
  ...counts.map((count, i) => [
    count,
    ...columns.map(({ points }) => {
      const { value, low, high } = points[i].capacity;
      return `${value.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`;
    }),
  ]),
]);
writeTable('capacity/learning-capacity.md', 'energy', [
  ['images', ...columns.map(({ name, set }) => `${name}, ${set}`)],
  ...counts.map((count, i) => [
    count,
    ...columns.map(
      ({ points }) => `${points[i].energy.mean.toFixed(3)} ± ${points[i].energy.standardError.toFixed(3)}`,
    ),
  ]),
]);
process.stderr.write(
  `${record.seconds().toFixed(0)} s in all; tables written to docs/studies/capacity/learning-capacity.md\n`,
);
