// What watching the top of the Hessian adds to full-batch training of tanh 784-200-200-10 on 5,000 Fashion-MNIST images, at the edge of stability.
//
//   node bench/landscape/watching.mjs [--smoke] [--results DIR] [--rounds 6]
//
// A round is the steps between two measurements and the measurement after them; its ratio is that of processor times, so that other work of the machine
// does not matter to it. λ₁…λ₅ are tracked to residuals of 1e-2 λ₁ from the last eigenvectors. The images are Debian's dataset-fashion-mnist; --smoke draws some.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hessian } from '@hyperribbon/curvature';
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { trackPairs } from '@hyperribbon/landscape/dynamics';
import { constantSchedule, examplesAt, sgd, squaredError, train } from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { fashionImages } from '../../docs/studies/landscape/fashionImages.mjs';
import { here, quiet, record, showSpread, spread } from '../contest.mjs';

const { values: options } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    results: { type: 'string', default: join(here, 'results') },
    rounds: { type: 'string', default: '6' },
  },
});
enableExperimentalSimd();

const text = options.smoke ? 'mlp:tanh:784,20,10' : 'mlp:tanh:784,200,200,10';
const network = parseArchitecture(text);
const examples = options.smoke ? drawn(50) : await fashionImages(5000);
const fifth = examplesAt(
  examples,
  Int32Array.from({ length: Math.floor(examples.count / 5) }, (_, i) => i),
);
const learningRate = 0.05;

const cases = [
  { every: 50, of: 'all', watched: examples, gate: 0.6 },
  { every: 20, of: 'all', watched: examples },
  { every: 10, of: 'all', watched: examples },
  { every: 50, of: 'a fixed fifth', watched: fifth },
  { every: 10, of: 'a fixed fifth', watched: fifth },
];
const rows = [];
for (const { every, of, watched, gate } of cases) {
  const { added, products, unconverged, last } = await watch(watched, every);
  const row = {
    network: text,
    examples: examples.count,
    watched: of,
    every,
    pairs: 5,
    tol: 0.01,
    added,
    products,
    unconverged,
    last,
  };
  rows.push(gate === undefined ? row : { ...row, gate });
  console.log(
    `every ${every} steps, ${of}: ${showSpread(added)} of the training, ${showSpread(products)} products, η·S ${last.toFixed(2)}`,
  );
}
if (!quiet) console.log('\nthe machine had other work: the ratios are of processor times within a round');
record('watching', { learningRate, rows }, options);

/** Rounds after the first, whose measurement has nothing to start from. */
async function watch(watched, every) {
  const [ratios, products] = [[], []];
  let [previous, unconverged, last] = [undefined, 0, NaN];
  let before = process.cpuUsage();
  const H = hessian(network, network.init(0), watched, { loss: squaredError });
  await train(network, examples, {
    epochs: every * Number(options.rounds),
    batchSize: examples.count,
    optimizer: sgd(),
    schedule: constantSchedule(learningRate),
    loss: squaredError,
    hooks: [
      {
        async onStep({ steps, weights }) {
          if (steps % every !== 0) return;
          const training = secondsSince(before);
          before = process.cpuUsage();
          H.setWeights(weights);
          previous = await trackPairs(H, { k: 5, previous: previous?.vectors, index: steps });
          if (steps > 0) ratios.push(secondsSince(before) / training);
          if (steps > 0) products.push(previous.matvecs);
          if (!previous.converged) unconverged++;
          last = learningRate * previous.values[0];
          before = process.cpuUsage();
        },
      },
    ],
  });
  return { added: spread(ratios), products: spread(products), unconverged, last };
}

function secondsSince(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function drawn(count) {
  const inputs = stream({ seed: 1, purpose: 'bench/watching' }).normal(new Float32Array(count * 784));
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  return { inputs, labels, count, features: 784, classes: 10 };
}
