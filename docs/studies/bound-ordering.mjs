// Which prior and posterior give the smaller bound? Dziugaite-Roy and Methods 2, 3, 4 on one small network: node docs/studies/bound-ordering.mjs
import { kroneckerFactors } from '@hyperribbon/curvature';
import { mnist } from '@hyperribbon/data';
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import { adam, cosineSchedule, evaluate, mlp, stepSchedule, train } from '@hyperribbon/nn';
import {
  certifyPosterior,
  isotropicPrior,
  kroneckerPrior,
  optimizeBound,
  posteriorErrors,
  priorStd,
  toBasis,
} from '@hyperribbon/pac-bayes/networks';
import { openRecord, spread, writeTable } from './record.mjs';

enableExperimentalSimd();
const settings = {
  inputs: 'MNIST, 2 × 2 average pooling, digits 0-4 against 5-9',
  network: '196-32-2, relu',
  examples: 6000,
  heldOut: 1000,
  test: 3000,
  base: { epochs: 20, batchSize: 50, rate: [2e-3, 5e-4] },
  bound: { epochs: 60, batchSize: 100, rate: 3e-3, factor: 0.2, every: 36 },
  renewalInputs: 6000,
  // λ_j = c e^(-j/b); c = 0.05, as in the scripts, would leave out the variances above it
  grids: { 'Dziugaite-Roy': { b: 100, c: 0.1 }, 'Methods 2 and 3': { b: 10, c: 1 } },
  delta: 0.025,
  passes: 25,
  seeds: [0, 1, 2, 3, 4],
};
const draws = { noise: 'weights', draws: 2 };
// where the optimiser takes its steps in the means: the weights, or the basis of prior and posterior
const variants = [
  { name: 'Dziugaite-Roy', method: 'isotropic' },
  { name: 'Method 2', method: 'method2', meansIn: 'weights' },
  { name: 'Method 3', method: 'method3', meansIn: 'weights' },
  { name: 'Method 4', method: 'method4', meansIn: 'weights' },
  { name: 'Method 2, means in the basis', method: 'method2', meansIn: 'basis' },
  { name: 'Method 4, means in the basis', method: 'method4', meansIn: 'basis' },
  // as the scripts draw: networks that a whole batch meets
  { name: 'Dziugaite-Roy, two networks a step', method: 'isotropic', draws },
  { name: 'Method 2, two networks a step', method: 'method2', meansIn: 'weights', draws },
  { name: 'Method 4, two networks a step', method: 'method4', meansIn: 'weights', draws },
];
const { train: images } = await mnist({ task: 'binary', limit: 10_000 });
const pooled = pool(images);
const examples = rows(pooled, 0, settings.examples);
const heldOut = rows(pooled, 6000, 7000);
const test = rows(pooled, 7000, 10_000);
const renewal = rows(pooled, 0, settings.renewalInputs);
const network = mlp([196, 32, 2], { activation: 'relu' });

const record = openRecord('bound-ordering', settings);
const results = Object.fromEntries(variants.map(({ name }) => [name, []]));
for (const seed of settings.seeds) {
  for (const variant of variants) {
    results[variant.name].push(await record.piece(`${variant.name}, seed ${seed}`, () => run(variant, seed)));
  }
}
const all = (name, key, digits) =>
  spread(
    results[name].map((result) => result[key]),
    digits,
  );
const against = (name, other) => spread(results[name].map(({ bound }, i) => bound - results[other][i].bound));
const row = (name, ...others) => [
  name,
  all(name, 'bound'),
  all(name, 'plugIn'),
  all(name, 'error'),
  all(name, 'test'),
  all(name, 'kl', 0),
  ...others.map((other) => (other === undefined ? '' : against(name, other))),
];
const columns = ['method', 'certified bound', 'mean as exact', 'error', 'test error', 'KL, nats'];
writeTable('bound-ordering.md', 'methods', [
  [...columns, 'against Dziugaite-Roy', 'against Method 2'],
  row('Dziugaite-Roy', undefined, undefined),
  row('Method 2', 'Dziugaite-Roy', undefined),
  row('Method 3', 'Dziugaite-Roy', 'Method 2'),
  row('Method 4', 'Dziugaite-Roy', 'Method 2'),
]);
writeTable('bound-ordering.md', 'coordinates', [
  [...columns, 'against means in the weights'],
  row('Method 2, means in the basis', 'Method 2'),
  row('Method 4, means in the basis', 'Method 4'),
]);
const drawnNames = variants.filter(({ draws: drawn }) => drawn !== undefined).map(({ name }) => name);
writeTable('bound-ordering.md', 'networks', [
  [...columns, 'against Dziugaite-Roy', 'against Method 2'],
  row(drawnNames[0], undefined, undefined),
  row(drawnNames[1], drawnNames[0], undefined),
  row(drawnNames[2], drawnNames[0], drawnNames[1]),
]);
process.stderr.write(`${record.seconds().toFixed(0)} s in all; table written to docs/studies/bound-ordering.md\n`);

async function run({ method, meansIn, draws: drawn = {} }, seed) {
  const { base, bound } = settings;
  const w0 = network.init(seed, 'float32');
  const trained = await train(network, examples, {
    epochs: base.epochs,
    batchSize: base.batchSize,
    optimizer: adam(),
    schedule: cosineSchedule(...base.rate),
    initial: w0,
    seed,
  });
  const { basis, spectrum } = curvature(w0, heldOut);
  // Method 3's basis moves: prior and start are given in the weights
  const fixedBasis = method === 'method2' || method === 'method4';
  const inBasis = (weights) => (fixedBasis ? toBasis(network, weights, basis) : weights);
  const mean = inBasis(w0);
  const top = Math.max(...spectrum.layers.map(({ input, output }) => Math.max(1, input[0]) * output[0]));
  const prior =
    method === 'method4'
      ? // the scripts' starts: a = e^-1, eps = e^-6
        kroneckerPrior(network, mean, spectrum, { start: Math.exp(-6), shapedStart: Math.exp(-1) * top })
      : isotropicPrior(network, mean, {
          grid: settings.grids[method === 'isotropic' ? 'Dziugaite-Roy' : 'Methods 2 and 3'],
        });
  const start = startDeviations(method, inBasis(trained.params), prior, spectrum, top);
  const run = await optimizeBound(examples, {
    prior,
    ...(fixedBasis ? { basis, meansIn } : {}),
    ...(method === 'method3' ? { renewBasis: (weights) => curvature(weights, renewal).basis } : {}),
    initialMean: inBasis(trained.params),
    initialStd: start,
    ...drawn,
    objective: 'dziugaite-roy',
    epochs: bound.epochs,
    batchSize: bound.batchSize,
    schedule: stepSchedule(bound.rate, { factor: bound.factor, every: bound.every }),
    learningRateFactors: { logStd: 1, scales: 1 },
    delta: settings.delta,
    seed,
  });
  const found = await certifyPosterior(run.posterior, examples, {
    prior: run.prior,
    near: run.variances,
    passes: settings.passes,
    delta: settings.delta,
  });
  const onTest = await posteriorErrors(run.posterior, test, { passes: 10, seed, purpose: 'posterior/test' });
  const plain = await evaluate(network, trained.params, test);
  return {
    bound: found.bound.value,
    plugIn: found.plugIn,
    error: found.monteCarlo.mean,
    limit: found.monteCarlo.upper,
    kl: found.kl.kl,
    covariance: found.kl.covariance,
    displacement: found.kl.displacement,
    price: found.prior.union.nats,
    variances: found.prior.variances,
    ratio: found.prior.variances.length > 1 ? found.prior.variances[1] / top / found.prior.variances[0] : null,
    test: onTest.errors / onTest.trials,
    trainedTest: plain.error,
  };
}

/** Eigenvectors and eigenvalues of the Kronecker-factored Fisher matrix (KFRA); labels play no part. */
function curvature(weights, { inputs, count }) {
  const eigen = kroneckerFactors(network, weights, inputs, count).map((factor) => ({
    input: eigh(factor.input, factor.inputs, { vectors: true }),
    output: eigh(factor.output, factor.outputs, { vectors: true }),
  }));
  return {
    basis: { layers: eigen.map(({ input, output }) => ({ input: input.vectors, output: output.vectors })) },
    spectrum: { layers: eigen.map(({ input, output }) => ({ input: input.values, output: output.values })) },
  };
}

/** As the scripts of the paper start: variance |w|/10, or a tenth of the eigenvalue plus the flat variance. */
function startDeviations(method, weights, prior, spectrum, top) {
  if (method === 'isotropic') return weights.map((w) => Math.sqrt(Math.abs(w) / 10 + 1e-12));
  const flat = Math.exp(-6);
  const like =
    method === 'method4' ? prior : kroneckerPrior(network, prior.mean, spectrum, { start: flat, shapedStart: top });
  const variances = method === 'method4' ? [flat, Math.exp(-1) * top] : [flat, top];
  return Float32Array.from(priorStd(like, variances), (s) => s / Math.sqrt(10));
}

function pool({ inputs, labels, count, classes }) {
  const out = new Float32Array(count * 196);
  for (let i = 0; i < count; i++) {
    for (let y = 0; y < 28; y++) {
      for (let x = 0; x < 28; x++) out[i * 196 + (y >> 1) * 14 + (x >> 1)] += inputs[i * 784 + y * 28 + x] / 4;
    }
  }
  return { inputs: out, labels, count, features: 196, classes };
}

function rows(all, from, to) {
  return {
    ...all,
    inputs: all.inputs.subarray(from * all.features, to * all.features),
    labels: all.labels.subarray(from, to),
    count: to - from,
  };
}
