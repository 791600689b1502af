import { adam, cosineSchedule, momentum, sgd, type Optimizer } from '@hyperribbon/nn';
import type { Configuration } from '../jobs/configuration.js';

const nesterov = momentum(0.9, { nesterov: true });

/** [name, hidden layers, optimizer, learning rate at the start (it ends at a tenth), what differs from the usual] */
type Row = readonly [string, string, Optimizer, number, Partial<Configuration>?];

const rows: readonly Row[] = [
  ['softmax-sgd', 'mlp:linear', sgd(), 0.1],
  ['softmax-nesterov', 'mlp:linear', nesterov, 0.05, { batchSize: 250 }],
  ['softmax-adam', 'mlp:linear', adam(), 2e-3],
  ['softmax-wide-start', 'mlp:linear', adam(), 2e-3, { initialScale: 3 }],
  ['linear-2-nesterov', 'mlp:linear:32', nesterov, 0.02, { weightDecay: 1e-3 }],
  ['linear-3-adam', 'mlp:linear:32,32', adam(), 1e-3],
  ['tanh-sgd', 'mlp:tanh:64', sgd(), 0.1],
  ['tanh-wide-start', 'mlp:tanh:64', adam(), 1e-3, { initialScale: 2 }],
  ['relu-nesterov', 'mlp:relu:96,48', nesterov, 0.03, { batchSize: 250, weightDecay: 1e-3 }],
  ['relu-adam', 'mlp:relu:96,48', adam(), 1e-3],
  ['lenet-adam', 'lenet:4,8:64,32', adam(), 2e-3],
];

/** Those of a first look: both families, a few optimisers. */
const few = ['softmax-sgd', 'softmax-adam', 'linear-3-adam', 'tanh-sgd', 'relu-adam'];

/**
 * The ensemble: linear models of depth one to three and nonlinear networks, each under several optimisers, batch sizes, decays
 * and scales of the start. Convolutional networks take part where the inputs are 28 × 28 images.
 *
 * @param quick fewer and smaller ones, for a first look
 */
export function ensemble(features: number, classes: number, quick: boolean): readonly Configuration[] {
  return rows
    .filter(([name, shape]) => (quick ? few.includes(name) : features === 784 || !shape.startsWith('lenet')))
    .map(([name, shape, optimizer, learningRate, other]) => ({
      name,
      family: shape.startsWith('mlp:linear') ? 'linear' : 'nonlinear',
      architecture: architectureOf(shape, features, classes),
      optimizer,
      schedule: cosineSchedule(learningRate, learningRate / 10),
      batchSize: 100,
      weightDecay: 0,
      initialScale: 1,
      ...other,
    }));
}

/** The hidden layers of a row between inputs and classes. */
function architectureOf(shape: string, features: number, classes: number): string {
  const [family, activation, hidden] = shape.split(':');
  if (family === 'lenet') return `${shape}:${classes}`;
  return `mlp:${activation}:${[features, ...(hidden === undefined ? [] : [hidden]), classes].join(',')}`;
}
