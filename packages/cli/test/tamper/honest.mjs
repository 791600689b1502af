// Honest certificates of every kind, each with its arrays and its data: small networks, posteriors that are the prior moved a little, so that each takes
// milliseconds to verify. What is certified is of no interest here, only that it is certified truly.
import { kroneckerBasis, fisherDirections, hessianDirections } from '@hyperribbon/landscape';
import { examplesIdentity } from '@hyperribbon/data';
import { mlp } from '@hyperribbon/nn';
import {
  analyticPosterior,
  dataSplit,
  errorOfGuessing,
  gridPrecision,
  issueCertificate,
  subspaceGaussianKl,
  weightsDigest,
} from '@hyperribbon/pac-bayes';
import { networkExaminer } from '@hyperribbon/pac-bayes/examine';
import {
  certifyingStream,
  certifyPosterior,
  curvaturePrior,
  gaussianFamily,
  isotropicPrior,
  kroneckerPrior,
  learnPrior,
  networkCertificate,
  networkLoss,
  posteriorArrays,
  subspaceErrors,
  subspaceFamily,
  toBasis,
  turnPrior,
  withRandomLabels,
} from '@hyperribbon/pac-bayes/networks';
import { stream } from '@hyperribbon/random';

export const network = mlp([4, 5, 3], { activation: 'tanh' });
const p = network.size;

/** Points around one centre for each class, in float32 as files have them. */
export function blobs(count, index = 7) {
  const draw = (length, at, scale) =>
    stream({ seed: 1, purpose: 'tamper', index: at })
      .normal(new Float32Array(length))
      .map((z) => scale * z);
  const centres = draw(12, 3, 1.5);
  const noise = draw(4 * count, index, 0.7);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const inputs = noise.map((z, k) => z + centres[labels[Math.floor(k / 4)] * 4 + (k % 4)]);
  return { inputs, labels, count, features: 4, classes: 3 };
}

export const dataset = blobs(60);
const boundRows = 40;
const rowsOf = (examples, from, to) => ({
  ...examples,
  count: to - from,
  inputs: examples.inputs.subarray(4 * from, 4 * to),
  labels: examples.labels.subarray(from, to),
});
const splitOf = (examples, name, from, to) =>
  dataSplit({
    name,
    dataset: examplesIdentity(dataset),
    digest: examplesIdentity(rowsOf(examples, from, to)),
    indices: { kind: 'ranges', ranges: [[from, to]] },
  });

/** The posterior that an optimisation might have found: the prior's mean moved, deviations between a third and all of its own. */
function posteriorNear(mean, std, basis) {
  const moved = stream({ seed: 2, purpose: 'tamper' }).normal(new Float32Array(mean.length));
  const narrow = stream({ seed: 3, purpose: 'tamper' }).uniform(new Float64Array(std.length));
  return {
    network,
    mean: Float32Array.from(mean, (w, i) => w + 0.1 * moved[i]),
    std: Float32Array.from(std, (s, i) => s * (0.3 + 0.7 * narrow[i])),
    ...(basis === undefined ? {} : { basis }),
  };
}

const seed = 3;
const initial = network.init(seed, 'float32');
const origin = { kind: 'init', seed, dtype: 'float32' };
const heldOut = rowsOf(dataset, boundRows, dataset.count);
const bound = rowsOf(dataset, 0, boundRows);
const plain = (arrays) => Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));

async function certified({
  prior,
  posterior,
  near,
  labelled = dataset,
  draws = { passes: 3 },
  theorem = 'maurer',
  ...said
}) {
  const chance = errorOfGuessing(rowsOf(labelled, boundRows, dataset.count).labels, 3).error;
  const asked = { prior, near, theorem, chance, ...draws };
  const found = await certifyPosterior(posterior, rowsOf(labelled, 0, boundRows), asked);
  const certificate = networkCertificate({
    bound: found,
    posterior,
    prior,
    data: {
      splits: [splitOf(labelled, 'bound', 0, boundRows), splitOf(labelled, 'held-out', boundRows, dataset.count)],
      bound: 'bound',
      chance: 'held-out',
      ...(said.labels === undefined ? {} : { labels: said.labels }),
    },
    priorMean: { origin },
    posteriorSaw: ['bound'],
    description: 'the prior moved',
    architecture: network.name,
    ...(said.priorBasis === undefined ? {} : { priorBasis: said.priorBasis }),
    ...(said.priorMean === undefined ? {} : { priorMean: said.priorMean }),
    command: 'tamper',
  });
  return { certificate, arrays: plain(posteriorArrays(posterior, found.prior)) };
}

const fill = (length, x) => new Float32Array(length).fill(x);

/** Dense layers, each weight with a deviation of its own. */
async function dense() {
  const near = [0.02];
  const std = fill(p, Math.sqrt(0.02));
  const isotropic = isotropicPrior(network, initial);
  const layered = isotropicPrior(network, initial, { groups: 'layer', grid: { b: 20, c: 0.1 } });
  const both = [0.02, 0.02];
  const turned = kroneckerBasis(network, initial, heldOut, { turn: 'full', kind: 'kfra', seed });
  const inputs = kroneckerBasis(network, initial, heldOut, { turn: 'input', kind: 'kfac', seed });
  const kronecker = (turn, factors) => ({
    priorBasis: {
      origin: {
        kind: 'kronecker',
        split: 'held-out',
        inputs: heldOut.count,
        factors,
        turn,
        seed: factors === 'kfac' ? seed : null,
      },
    },
  });
  const seen = kroneckerBasis(network, initial, bound, { turn: 'full', kind: 'kfra', seed });
  const c = toBasis(network, initial, turned.basis);
  const c2 = toBasis(network, initial, inputs.basis);
  const moving = turnPrior(layered, seen.basis);
  const fourth = kroneckerPrior(network, c, turned.spectrum, { groups: 'layer' });
  const labels = { kind: 'random', seed: 5, purpose: 'random-labels' };
  const recipe = { epochs: 2, batchSize: 10, learningRate: { from: 1e-2, to: 1e-3 }, shift: 0, seed };
  const { weights } = await learnPrior(network, heldOut, recipe);
  const learnt = isotropicPrior(network, weights, { groups: 'layer', start: 1e-3, fixed: true });
  return {
    isotropic: await certified({ prior: isotropic, posterior: posteriorNear(initial, std), near }),
    'langford-seeger': await certified({
      prior: isotropic,
      posterior: posteriorNear(initial, std),
      near,
      theorem: 'langford-seeger',
    }),
    layered: await certified({ prior: layered, posterior: posteriorNear(initial, std), near: both }),
    method2: await certified({
      prior: isotropicPrior(network, c2, { groups: 'layer', grid: { b: 20, c: 0.1 } }),
      posterior: posteriorNear(c2, std, inputs.basis),
      near: both,
      ...kronecker('input', 'kfac'),
    }),
    method3: await certified({ prior: moving, posterior: posteriorNear(moving.mean, std, seen.basis), near: both }),
    method4: await certified({
      prior: fourth,
      posterior: posteriorNear(c, std, turned.basis),
      near: [0.01, 0.1, 0.01, 0.1],
      ...kronecker('full', 'kfra'),
    }),
    learnt: await certified({
      prior: learnt,
      posterior: posteriorNear(weights, fill(p, Math.sqrt(1e-3))),
      near: [1e-3, 1e-3],
      priorMean: { origin: { kind: 'trained', split: 'held-out', ...recipe } },
    }),
    'random labels': await certified({
      prior: isotropic,
      posterior: posteriorNear(initial, std),
      near,
      labelled: withRandomLabels(dataset, labels),
      labels,
    }),
  };
}

/** Whole networks, with deviations along leading eigenvectors. */
async function subspace() {
  const k = 4;
  const fisher = await fisherDirections(network, initial, heldOut, { k, kind: 'exact', seed });
  const hessian = await hessianDirections(network, initial, bound, { k, seed });
  const std = fill(k + 1, 0.1);
  const isotropic = isotropicPrior(network, initial);
  const posterior = { ...posteriorNear(initial, std), directions: hessian.directions };
  const shaped = curvaturePrior(network, initial, fisher.eigenvalues);
  const priorBasis = {
    origin: { kind: 'fisher', split: 'held-out', inputs: heldOut.count, directions: k, labels: 'exact', seed: null },
  };
  return {
    'one example a network': await certified({ prior: isotropic, posterior, near: [0.01], draws: { draws: 60 } }),
    'draws × examples': await certified({
      prior: isotropic,
      posterior,
      near: [0.01],
      draws: { draws: 40, examplesPerDraw: 10 },
    }),
    'method4 along directions': await certified({
      prior: shaped,
      posterior: { ...posteriorNear(initial, std), directions: fisher.directions },
      near: [0.01, 0.01, 0.1],
      draws: { draws: 60 },
      priorBasis,
    }),
    analytic: await analytic(hessian),
  };
}

/** As `hyperribbon analyze` issues it. */
async function analytic({ directions, eigenvalues }) {
  const [j, grid, n] = [20, { b: 10, c: 0.05 }, boundRows];
  const precision = gridPrecision(j, grid);
  const mean = posteriorNear(initial, []).mean;
  const eigen = Array.from(eigenvalues, (value) => Math.max(0, value));
  let displacementSquared = 0;
  for (let i = 0; i < p; i++) displacementSquared += (mean[i] - initial[i]) ** 2;
  const ones = fill(eigen.length + 1, 1);
  const pair = { posteriorMean: mean, priorMean: mean, posteriorStd: ones, priorStd: ones };
  const { orthonormality } = subspaceGaussianKl({ directions, ...pair });
  const shaped = analyticPosterior({ eigenvalues: eigen, displacementSquared, n, precision, orthonormality });
  const std = Float64Array.from([...shaped.directionPrecisions, precision], (each) => 1 / Math.sqrt(each));
  const posterior = { network, mean, directions, std };
  const priorStd = new Float64Array(std.length).fill(Math.sqrt(1 / precision));
  const arrays = posteriorArrays(posterior, { mean: initial, std: priorStd });
  const draws = { draws: 50, examplesPerDraw: 8 };
  const { batchSize, dtype, noise, ...settled } = subspaceFamily.planDraws(posterior, bound, draws);
  const named = certifyingStream(posterior, { ...settled, batchSize, dtype, noise });
  const { errors } = await subspaceErrors(posterior, bound, { ...draws, ...named, deterministic: true });
  const certificate = issueCertificate({
    theorem: 'langford-seeger',
    delta: 0.025,
    loss: networkLoss,
    risk: {
      kind: 'drawn',
      scheme: 'random-subset',
      passes: settled.passes,
      examplesPerDraw: batchSize,
      errors,
      method: 'kl-inverse',
      selection: { kind: 'fresh-draws', candidates: 1 },
      delta: 0.01,
      ...named,
      draws: { batchSize, dtype, noise },
    },
    divergence: {
      covariance: shaped.klCovariance,
      displacement: shaped.klDisplacement,
      family: 'gaussian-low-rank',
      dimension: p,
      orthonormality,
      analytic: { eigenvalues: eigen, displacementSquared, precision, convention: '2(n-1)' },
    },
    prior: {
      mean: { origin },
      shape: 'isotropic',
      scales: [{ kind: 'grid', name: 'all weights', value: precision, index: j, ...grid, as: 'precision' }],
    },
    posterior: {
      description: 'Gaussian around trained weights',
      saw: ['bound'],
      architecture: network.name,
      measuredBy: subspaceFamily.measuredBy,
      weights: Object.entries(arrays).map(([name, { data }]) => ({ name, digest: weightsDigest(data) })),
    },
    data: {
      splits: [splitOf(dataset, 'bound', 0, boundRows), splitOf(dataset, 'held-out', boundRows, dataset.count)],
      bound: 'bound',
      chance: 'held-out',
    },
    chance: errorOfGuessing(heldOut.labels, 3).error,
    kernels: { flavour: 'deterministic', engine: 'wasm' },
  });
  return { certificate, arrays: plain(arrays) };
}

/** By its kind: a certificate and the arrays that came with it. */
export async function honestCertificates() {
  return { ...(await dense()), ...(await subspace()) };
}

/** Makes bases of priors again: what the command line does. */
async function makeBasis(from, { network: net, mean, examples }) {
  if (from.kind === 'kronecker') {
    const { basis, spectrum } = kroneckerBasis(net, mean, examples, {
      turn: from.turn,
      kind: from.factors,
      seed: from.seed ?? 0,
    });
    return { arrays: plain(gaussianFamily.coordinateArrays({ network: net, mean, std: mean, basis })), spectrum };
  }
  const options = { k: from.directions, kind: from.labels, seed: from.seed ?? 0 };
  const { directions, eigenvalues } = await fisherDirections(net, mean, examples, options);
  return { arrays: { 'subspace.directions': directions }, eigenvalues };
}

/** Everything that verification needs beside a certificate. */
export function examinerOf(arrays, data = dataset) {
  return networkExaminer({ arrays, dataset: data, identityOf: examplesIdentity, makeBasis });
}
