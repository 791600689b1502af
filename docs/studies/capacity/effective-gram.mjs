// Does the effective Gram matrix of the tangent kernel foretell the test loss? node docs/studies/capacity/effective-gram.mjs
import { gramMatrix } from '@hyperribbon/curvature';
import { fashionMnist, mnist, poolImages, subset } from '@hyperribbon/data';
import { effectiveGram } from '@hyperribbon/landscape/capacity';
import { constantSchedule, logits, mlp, sgd, squaredError, train } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { openRecord, writeTable } from '../record.mjs';

const settings = {
  data: 'MNIST (odd against even) and Fashion-MNIST (shoes and bags against clothes), pooled 2 × 2, targets ±1',
  layers: [196, 512, 1],
  activation: 'tanh',
  examples: 150,
  heldOut: 1000,
  times: [5, 50, 500],
  learningRate: 0.05,
  seed: 1,
};

const record = openRecord('capacity/effective-gram', settings);
const { examples: count, heldOut, seed, times, learningRate } = settings;
const network = mlp(settings.layers, { activation: settings.activation });
const initial = network.init(seed);
const [digits, clothes] = [await mnist({ limit: 2000 }), await fashionMnist({ limit: 2000 })];

function targeted({ inputs, labels, features }, sign) {
  const rows = labels.length;
  return { inputs, targets: Float32Array.from(labels, sign), outputs: 1, count: rows, features };
}
const coins = stream({ seed, purpose: 'study/coins' }).rademacher(new Float32Array(count + heldOut));
const problems = {
  'MNIST, parity': [digits, (label) => (label % 2 === 0 ? 1 : -1), (label) => (label % 2 === 0 ? 1 : -1)],
  'Fashion-MNIST, shoes and bags': [
    clothes,
    (label) => (label > 4 && label !== 6 ? 1 : -1),
    (label) => (label > 4 && label !== 6 ? 1 : -1),
  ],
  'MNIST, coins': [digits, (_, i) => coins[i], (_, i) => coins[count + i]],
};

const rows = [];
const shares = [];
for (const [name, [set, sign, signHeldOut]] of Object.entries(problems)) {
  const trained = targeted(poolImages(subset(set.train, 0, count)), sign);
  const unseen = targeted(poolImages(subset(set.test, 0, heldOut)), signHeldOut);
  for (const time of times) {
    const found = await record.piece(`${name}, time ${time}`, () => measured(trained, unseen, time));
    rows.push([
      name,
      time,
      found.training.toFixed(3),
      found.trainingOfRun.toFixed(3),
      found.leaveOneOut.toFixed(3),
      found.testOfRun.toFixed(3),
      found.gap.toFixed(3),
      (found.testOfRun - found.trainingOfRun).toFixed(3),
    ]);
    shares.push([
      name,
      time,
      ...[0.5, 0.8, 0.95].map((share) => `${(100 * below(found.eigenvalues, found.alignment, share)).toFixed(0)} %`),
      ...[0.5, 0.8, 0.95].map(
        (share) => `${(100 * below(found.eigenvalues, found.alignmentAtTime, share)).toFixed(0)} %`,
      ),
    ]);
  }
}

async function measured(trained, unseen, time) {
  const kernel = gramMatrix(network, initial, trained, { of: 0 }).map((entry) => entry * count);
  const residual = Float64Array.from(logits(network, initial, trained), (z, i) => z - trained.targets[i]);
  const found = effectiveGram(kernel, residual, { time });
  const run = await train(network, trained, {
    initial: initial.slice(),
    loss: squaredError,
    optimizer: sgd(),
    schedule: constantSchedule(learningRate),
    batchSize: count,
    epochs: Math.round(time / learningRate),
    seed,
  });
  const lossOn = (examples) =>
    logits(network, run.params, examples).reduce((sum, z, i) => sum + (z - examples.targets[i]) ** 2 / 2, 0) /
    examples.count;
  const { gap, leaveOneOut, training } = found;
  return {
    gap,
    leaveOneOut,
    training,
    trainingOfRun: lossOn(trained),
    testOfRun: lossOn(unseen),
    eigenvalues: [...found.eigenvalues],
    alignment: [...found.alignment],
    alignmentAtTime: [...found.alignmentAtTime],
  };
}

/** Share of the residual along the eigenvectors of the smallest magnitudes, so many of all. */
function below(eigenvalues, alignment, share) {
  const order = eigenvalues.map((_, i) => i).sort((a, b) => Math.abs(eigenvalues[a]) - Math.abs(eigenvalues[b]));
  return order.slice(0, Math.round(share * order.length)).reduce((sum, i) => sum + alignment[i], 0);
}

writeTable('capacity/effective-gram.md', 'gaps', [
  [
    'data',
    'time',
    'training, kernel',
    'training, network',
    'left out, kernel',
    'test, network',
    'gap, kernel',
    'gap, network',
  ],
  ...rows,
]);
writeTable('capacity/effective-gram.md', 'shares', [
  [
    'data',
    'time',
    ...[50, 80, 95].map((share) => `r(0) in the lowest ${share} %`),
    ...[50, 80, 95].map((share) => `r(t) in the lowest ${share} %`),
  ],
  ...shares,
]);
process.stderr.write(
  `${record.seconds().toFixed(0)} s in all; tables written to docs/studies/capacity/effective-gram.md\n`,
);
