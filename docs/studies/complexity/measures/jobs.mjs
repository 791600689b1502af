// What the threads of the study do: plain data in, plain data out.
import { constantSchedule, evaluate, momentum, train } from '@hyperribbon/nn';
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

export const jobs = { 'train-network': trainNetwork };
