// What the threads of the study do: plain data in, plain data out.
import {
  allBounds,
  allMeasures,
  gradientNoise,
  networkCollapse,
  networkNorms,
  optimisationMeasures,
  pacBayesMeasures,
  rankNotions,
  sampleNorms,
  sigmaSearch,
  weightVectors,
} from '@hyperribbon/complexity';
import { constantSchedule, evaluate, foldBatchNorm, momentum, train, withBuffers } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { modulesOf } from './plan.mjs';

/** Trains until the cross-entropy of the training set is small enough; the network is then what is measured. */
async function trainNetwork({ network: setting, settings, trainSet, testSet }, { signal, report }) {
  const { seed, learningRate, batchSize, weightDecay, labelNoise } = setting;
  const network = stack(modulesOf(setting));
  const examples = withNoise(trainSet, labelNoise, seed);
  const enough = new AbortController();
  signal.addEventListener('abort', () => enough.abort(), { once: true });
  const history = [];
  const watched = {
    async onCheckpoint({ steps, epoch, weights, network: now }) {
      const { loss, error } = await evaluate(now(), weights, examples, { batchSize: 1000 });
      history.push({ steps, loss, error });
      report({ done: epoch, of: settings.epochs, detail: `cross-entropy ${loss.toFixed(3)}` });
      if (loss <= settings.crossEntropy || !Number.isFinite(loss)) enough.abort();
    },
  };
  const result = await train(network, examples, {
    epochs: settings.epochs,
    batchSize,
    seed,
    optimizer: momentum(settings.momentum, { weightDecay }),
    schedule: constantSchedule(learningRate),
    hooks: [watched],
    signal: enough.signal,
  });
  signal.throwIfAborted();
  const { loss, error } = await evaluate(result.network, result.params, testSet, { batchSize: 1000 });
  return { history, test: { loss, error }, params: result.params, initial: result.initial, buffers: result.buffers };
}

/** All measures of a trained network, and its bounds: logarithms by name. */
async function measureNetwork(
  { network: setting, settings, trainSet, params, initial, buffers, history },
  { signal, report },
) {
  const start = stack(modulesOf(setting));
  const network = start.buffers === undefined ? start : withBuffers(start, buffers);
  const examples = withNoise(trainSet, setting.labelNoise, setting.seed);
  const plain = await allMeasures(network, params, examples, {
    reference: initial,
    referenceNetwork: start,
    searches: false,
    signal,
  });
  const found = [
    ...plain,
    ...(await underNoise(network, params, examples, { start, initial, setting, settings, signal, report })),
  ];
  const noise = await gradientNoise(network, params, examples, { seed: setting.seed, signal });
  const steps = history.map(({ steps: done }) => done);
  const losses = history.map(({ loss }) => loss);
  const training = optimisationMeasures({ steps, losses }, { count: examples.count, final: noise });
  const norms = await networkNorms(network, params, { reference: initial, signal });
  const { bounds } = allBounds(norms, await sampleNorms(network, params, examples, { signal }));
  const { variability } = networkCollapse(network, params, examples);
  const ranks = norms.layers.map(({ filters }) => rankNotions(filters.singularValues));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    measures: Object.fromEntries([...found, ...training].map(({ name, logValue }) => [name, logValue])),
    errors: Object.fromEntries(
      found.flatMap(({ name, standardError }) => (standardError === undefined ? [] : [[name, standardError]])),
    ),
    undefinedBecause: Object.fromEntries(
      [...found, ...training].flatMap(({ name, undefinedBecause: why }) => (why === undefined ? [] : [[name, why]])),
    ),
    bounds: Object.fromEntries(
      bounds.map(({ name, empirical, logGap }) => [name, Math.log(empirical + Math.exp(logGap))]),
    ),
    outside: norms.outside,
    others: {
      'neural-collapse-1': Math.log(variability.perClass),
      'numerical-rank': Math.log(mean(ranks.map(({ numerical }) => numerical))),
      'stable-rank': Math.log(mean(ranks.map(({ stable }) => stable))),
    },
  };
}

/** Measures of flatness under noise; the worst case within a box, which takes three times as long, is left out. */
async function underNoise(network, params, examples, { start, initial, setting, settings, signal, report }) {
  const now = foldBatchNorm(network, params);
  const vectors = weightVectors(now.network, now.params, foldBatchNorm(start, initial).params);
  const measures = [];
  for (const kind of ['plain', 'magnitude']) {
    const search = { magnitude: kind === 'magnitude', seed: setting.seed, rows: settings.searchExamples };
    const { sigma, standardError, undefinedBecause } = await sigmaSearch(now.network, now.params, examples, {
      ...search,
      signal,
      onProgress: ({ done, of }) => report({ done, of, detail: `noise, ${kind}` }),
    });
    const scale = { value: sigma, standardError, undefinedBecause, caveats: [] };
    measures.push(...pacBayesMeasures(vectors, scale, kind, { count: examples.count }));
  }
  return measures;
}

/** Some labels replaced by one of the other classes, the same for every epoch. */
export function withNoise(examples, share, seed) {
  if (share === 0) return examples;
  const draw = stream({ seed, purpose: 'label-noise', index: 0 });
  const { count, classes } = examples;
  const uniforms = draw.uniform(new Float64Array(count));
  const labels = examples.labels.map((label, i) => {
    const shift = 1 + draw.integer(classes - 1);
    return uniforms[i] < share ? (label + shift) % classes : label;
  });
  return { ...examples, labels };
}

export const jobs = { 'train-network': trainNetwork, 'measure-network': measureNetwork };
