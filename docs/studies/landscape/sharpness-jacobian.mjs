// Do sharpness and the norms of Jacobians go together, and what breaks it? node docs/studies/landscape/sharpness-jacobian.mjs
import { mnist, poolImages, subset } from '@hyperribbon/data';
import { sharpnessChange, sharpnessFactors } from '@hyperribbon/landscape';
import { constantSchedule, evaluate, lossFromData, mlp, sgd, smoothLabels, train } from '@hyperribbon/nn';
import { mean, openRecord, spread, writeTable } from '../record.mjs';

const settings = {
  data: 'MNIST averaged to 14 × 14, the first 300 images, one mean and one deviation over all pixels',
  examples: 300,
  network: 'tanh 196-32-32-10',
  seeds: [0, 1, 2, 3, 4],
  steps: 4000,
  // the step of each moment; correlations leave those before step 25 out
  moments: [
    0, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1000, 1300, 1600, 2000, 2400, 2800, 3200, 3600, 4000,
  ],
  from: 25,
  // changes are from here to the end
  changesFrom: 200,
  tol: 1e-4,
  losses: {
    'squared error': { kind: 'squared-error', learningRate: 0.02, smoothing: 0 },
    'cross-entropy, smoothing 0.25': { kind: 'softmax-cross-entropy', learningRate: 0.05, smoothing: 0.25 },
    'cross-entropy': { kind: 'softmax-cross-entropy', learningRate: 0.05, smoothing: 0 },
  },
};

const record = openRecord('landscape/sharpness-jacobian', settings);
const network = mlp([196, 32, 32, 10], { activation: 'tanh' });
const images = standardised(
  poolImages(subset((await mnist({ limit: settings.examples })).train, 0, settings.examples)),
);

function standardised({ inputs, ...rest }) {
  const centre = mean(inputs);
  const deviation = Math.sqrt(mean(inputs.map((x) => (x - centre) ** 2)));
  return { ...rest, inputs: Float32Array.from(inputs, (x) => (x - centre) / deviation) };
}

function targetsOf(smoothing) {
  if (smoothing === 0) return images;
  return smoothLabels(smoothing)(
    { ...images, inputs: images.inputs.slice() },
    { seed: 0, step: 0, epoch: 0, batch: 0 },
  );
}

async function run({ kind, learningRate, smoothing }, seed) {
  const examples = targetsOf(smoothing);
  const loss = lossFromData({ kind });
  const kept = new Map();
  const { initial } = await train(network, examples, {
    epochs: settings.steps,
    batchSize: settings.examples,
    optimizer: sgd(),
    schedule: constantSchedule(learningRate),
    loss,
    seed,
    hooks: [
      {
        onStep({ weights, steps }) {
          if (settings.moments.includes(steps)) kept.set(steps, Float64Array.from(weights));
        },
      },
    ],
  });
  kept.set(0, Float64Array.from(initial));
  const moments = [];
  for (const step of settings.moments) {
    const factors = await sharpnessFactors(network, kept.get(step), examples, { loss: { kind }, tol: settings.tol });
    const { error } = await evaluate(network, kept.get(step), images);
    moments.push({ step, accuracy: 1 - error, ...whatCounts(factors) });
  }
  return moments;
}

/** A record of all moments would have a megabyte. */
function whatCounts({ loss, jacobian, firstLayer, layers, shares, costCurvature, effectiveCurvature, ...parts }) {
  const digits = (value) => Number(value.toPrecision(7));
  const value = ({ value }) => ({ value: digits(value) });
  return {
    loss: digits(loss),
    sharpness: { ...value(parts.sharpness), residualNorm: digits(parts.sharpness.residualNorm) },
    gaussNewton: value(parts.gaussNewton),
    residual: value(parts.residual),
    tangent: value(parts.tangent),
    effectiveCurvature: digits(effectiveCurvature),
    costCurvature: { max: digits(costCurvature.max), mean: digits(costCurvature.mean) },
    jacobian: { max: digits(jacobian.max), mean: digits(jacobian.mean) },
    firstLayer: { mean: digits(firstLayer.mean) },
    // weights and biases of a layer together
    shares: [0, 2, 4].map((i) => digits(shares[i].share + shares[i + 1].share)),
    layers: layers.map(({ layer }) => digits(layer.mean)),
  };
}

function pearson(xs, ys) {
  const [x, y] = [mean(xs), mean(ys)];
  const sum = (of) => xs.reduce((total, _, i) => total + of(xs[i] - x, ys[i] - y), 0);
  return sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b));
}
function spearman(xs, ys) {
  const ranks = (values) => values.map((value) => values.filter((other) => other < value).length);
  return pearson(ranks(xs), ranks(ys));
}

const number = (value, digits = 2) => value.toFixed(digits).replace('-', '−');
const correlations = [
  [
    'loss',
    'S with mean ‖Jf‖: Pearson',
    'Spearman',
    'S with max ‖Jf‖: Pearson',
    'Spearman',
    'λ(T) with mean ‖Jf‖: Pearson',
  ],
];
const courses = [
  ['loss', 'step', 'training loss', 'S', 'λ(G)', '‖R‖', 'λ(T)', 'λ(G)/λ(T)', 'mean ‖D²c‖', 'mean ‖Jf‖', 'max ‖Jf‖'],
];
const changes = [['loss', 'S', 'λ(T)', 'λ(G)/λ(T)', 'S/λ(G)', 'mean ‖Jf‖', 'factor that moved most']];
const shares = [
  [
    'loss',
    'step',
    ...[1, 2, 3].map((layer) => `layer ${layer}`),
    '‖Jf₁‖, mean',
    ...[1, 2, 3].map((layer) => `‖Df${layer}‖, mean`),
  ],
];

for (const [name, plan] of Object.entries(settings.losses)) {
  const runs = [];
  for (const seed of settings.seeds) runs.push(await record.piece(`${name}, seed ${seed}`, () => run(plan, seed)));
  const late = runs.map((moments) => moments.filter(({ step }) => step >= settings.from));
  const over = (of, x, y) => spread(late.map((moments) => of(moments.map(x), moments.map(y)))).replaceAll('-', '−');
  const S = ({ sharpness }) => sharpness.value;
  const [meanNorm, maxNorm] = [({ jacobian }) => jacobian.mean, ({ jacobian }) => jacobian.max];
  correlations.push([
    name,
    over(pearson, S, meanNorm),
    over(spearman, S, meanNorm),
    over(pearson, S, maxNorm),
    over(spearman, S, maxNorm),
    over(pearson, ({ tangent }) => tangent.value, meanNorm),
  ]);
  for (const step of [0, 50, 200, 1000, 4000]) {
    const at = runs.map((moments) => moments.find((moment) => moment.step === step));
    const value = (of, digits = 2) => number(mean(at.map(of)), digits);
    courses.push([
      name,
      step,
      value(({ loss }) => loss, 4),
      value(S),
      value(({ gaussNewton }) => gaussNewton.value),
      value(({ residual }) => Math.abs(residual.value)),
      value(({ tangent }) => tangent.value),
      value(({ effectiveCurvature }) => effectiveCurvature, 3),
      value(({ costCurvature }) => costCurvature.mean, 3),
      value(meanNorm, 3),
      value(maxNorm, 3),
    ]);
    if (step === 0 || step === 4000) {
      const share = (layer) => value(({ shares: each }) => each[layer], 3);
      shares.push([
        name,
        step,
        ...[0, 1, 2].map(share),
        value(({ firstLayer }) => firstLayer.mean, 3),
        ...[0, 1, 2].map((layer) => value(({ layers }) => layers[layer])),
      ]);
    }
  }
  const found = runs.map((moments) =>
    sharpnessChange(
      moments.find(({ step }) => step === settings.changesFrom),
      moments.at(-1),
    ),
  );
  const times = (key) => `× ${number(mean(found.map((change) => change[key])), 3)}`;
  changes.push([
    name,
    ...['ratio', 'tangent', 'curvature', 'residual', 'jacobian'].map(times),
    [...new Set(found.map(({ most }) => most ?? 'none'))].join(', '),
  ]);
}

for (const [name, rows] of Object.entries({ correlations, courses, changes, shares })) {
  process.stderr.write(`${rows.map((row) => row.join(' | ')).join('\n')}\n`);
  writeTable('./landscape/sharpness-jacobian.md', name, rows);
}
process.stderr.write(`${record.seconds().toFixed(0)} s of processor time\n`);
