// Which prior gives the smaller bound? Dziugaite-Roy, Method 2, Method 4 on one small network: node docs/studies/bound-ordering.mjs
import { kroneckerFactors } from '@hyperribbon/curvature';
import { mnist } from '@hyperribbon/data';
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import { adam, cosine, evaluate, mlp, step, train } from '@hyperribbon/nn';
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
  delta: 0.025,
  passes: 25,
  seeds: [0, 1, 2, 3, 4],
};
const methods = ['Dziugaite-Roy', 'Method 2', 'Method 4'];
const { train: images } = await mnist({ task: 'binary', limit: 10_000 });
const pooled = pool(images);
const examples = rows(pooled, 0, settings.examples);
const heldOut = rows(pooled, 6000, 7000);
const test = rows(pooled, 7000, 10_000);
const network = mlp([196, 32, 2], { activation: 'relu' });

const record = openRecord('bound-ordering', settings);
const results = Object.fromEntries(methods.map((method) => [method, []]));
for (const seed of settings.seeds) {
  for (const method of methods) {
    results[method].push(await record.piece(`${method}, seed ${seed}`, () => run(method, seed)));
  }
}
const all = (method, key, digits) =>
  spread(
    results[method].map((result) => result[key]),
    digits,
  );
const change = (better, worse) => spread(results[better].map(({ bound }, i) => bound - results[worse][i].bound));
writeTable('bound-ordering.md', 'methods', [
  ['method', 'certified bound', 'mean as exact', 'error', 'test error', 'KL, nats', 'vs the method above'],
  ...methods.map((method, i) => [
    method,
    all(method, 'bound'),
    all(method, 'plugIn'),
    all(method, 'error'),
    all(method, 'test'),
    all(method, 'kl', 0),
    i === 0 ? '' : change(method, methods[i - 1]),
  ]),
]);
process.stderr.write(`${record.seconds().toFixed(0)} s in all; table written to docs/studies/bound-ordering.md\n`);

async function run(method, seed) {
  const { base, bound } = settings;
  const w0 = network.init(seed, 'float32');
  const trained = await train(network, examples, {
    epochs: base.epochs,
    batchSize: base.batchSize,
    optimizer: adam(),
    schedule: cosine(...base.rate),
    initial: w0,
    seed,
  });
  const curvature = kroneckerFactors(network, w0, heldOut.inputs, heldOut.count);
  const eigen = curvature.map((factor) => ({
    input: eigh(factor.input, factor.inputs, { vectors: true }),
    output: eigh(factor.output, factor.outputs, { vectors: true }),
  }));
  const turned = method !== 'Dziugaite-Roy';
  const basis = turned
    ? { layers: eigen.map(({ input, output }) => ({ input: input.vectors, output: output.vectors })) }
    : undefined;
  const spectrum = { layers: eigen.map(({ input, output }) => ({ input: input.values, output: output.values })) };
  const inBasis = (weights) => (turned ? toBasis(network, weights, basis) : weights);
  const mean = inBasis(w0);
  const top = Math.max(...spectrum.layers.map(({ input, output }) => Math.max(1, input[0]) * output[0]));
  const prior =
    method === 'Method 4'
      ? // the scripts' starts: a = e^-1, eps = e^-6
        kroneckerPrior(network, mean, spectrum, { start: Math.exp(-6), shapedStart: Math.exp(-1) * top })
      : isotropicPrior(network, mean, turned ? { grid: { b: 10, c: 0.05 } } : {});
  const start = startDeviations(method, inBasis(trained.params), prior, spectrum, top);
  const run = await optimizeBound(examples, {
    prior,
    ...(turned ? { basis } : {}),
    initialMean: inBasis(trained.params),
    initialStd: start,
    objective: 'dziugaite-roy',
    epochs: bound.epochs,
    batchSize: bound.batchSize,
    schedule: step(bound.rate, { factor: bound.factor, every: bound.every }),
    rates: { logStd: 1, scales: 1 },
    delta: settings.delta,
    seed,
  });
  const found = await certifyPosterior(run.posterior, examples, {
    prior,
    near: run.variances,
    passes: settings.passes,
    delta: settings.delta,
    seed,
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

/** As the scripts of the paper start: variance |w|/10, or a tenth of the eigenvalue plus the flat variance. */
function startDeviations(method, weights, prior, spectrum, top) {
  if (method === 'Dziugaite-Roy') return weights.map((w) => Math.sqrt(Math.abs(w) / 10 + 1e-12));
  const flat = Math.exp(-6);
  const like =
    method === 'Method 4' ? prior : kroneckerPrior(network, prior.mean, spectrum, { start: flat, shapedStart: top });
  const variances = method === 'Method 4' ? [flat, Math.exp(-1) * top] : [flat, top];
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
