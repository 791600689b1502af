// A set of models as an ensemble of training runs leaves it: each run goes from near ignorance towards labels that it gets partly
// wrong, along its own way. float32 in shared memory, from seeded streams.
import { parseArgs } from 'node:util';
import { exp } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';

const CHECKPOINTS = 100;

export function trajectories({ models, samples, classes, seed = 1 }) {
  const size = samples * classes;
  const probabilities = new Float32Array(new SharedArrayBuffer(4 * models * size));
  const labels = Int32Array.from({ length: samples }, (_, n) => (n * 7) % classes);
  const own = new Float32Array(size);
  const logits = new Float64Array(classes);
  for (let m = 0; m < models; m++) {
    const run = Math.floor(m / CHECKPOINTS);
    if (m % CHECKPOINTS === 0) stream({ seed, purpose: 'bench/trajectories', index: run }).normal(own);
    const time = (m % CHECKPOINTS) / (CHECKPOINTS - 1);
    const [pull, noise] = [6 * time * (1 + 0.1 * (run % 5)), 0.2 + 1.5 * time];
    for (let n = 0; n < samples; n++) {
      let sum = 0;
      for (let c = 0; c < classes; c++) {
        logits[c] = exp(noise * own[n * classes + c] + (c === labels[n] ? pull : 0));
        sum += logits[c];
      }
      for (let c = 0; c < classes; c++) probabilities[m * size + n * classes + c] = logits[c] / sum;
    }
  }
  return { probabilities, models, samples, classes };
}

/**
 * The command line of a bench over such a set: sizes, threads, and what else the bench has.
 *
 * @param sizes { models, samples } of the full run and of --smoke
 * @param more further options, as parseArgs takes them
 */
export function trajectoryOptions({ full, smoke }, more) {
  const { values } = parseArgs({
    options: {
      models: { type: 'string' },
      samples: { type: 'string' },
      classes: { type: 'string', default: '10' },
      threads: { type: 'string', default: '2' },
      smoke: { type: 'boolean', default: false },
      ...more,
    },
  });
  const usual = values.smoke ? smoke : full;
  const models = Number(values.models ?? usual.models);
  const samples = Number(values.samples ?? usual.samples);
  return { ...values, models, samples, classes: Number(values.classes), threads: Number(values.threads) };
}
