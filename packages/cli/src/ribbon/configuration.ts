import { adam, cosineSchedule, momentum, sgd } from '@hyperribbon/nn';
import type { Configuration } from '../jobs/configuration.js';

const nesterov = momentum(0.9, { nesterov: true });
const usual = { weightDecay: 0, initialScale: 1 } as const;

/**
 * The ensemble: linear models of depth one to three and nonlinear networks, each under several optimisers, batch sizes, decays
 * and scales of the start. Convolutional networks take part where the inputs are 28 × 28 images.
 *
 * @param quick fewer and smaller ones, for a first look
 */
export function ensemble(features: number, classes: number, quick: boolean): readonly Configuration[] {
  const linear = (...hidden: number[]): string => `mlp:linear:${[features, ...hidden, classes].join(',')}`;
  const mlp = (activation: string, ...hidden: number[]): string =>
    `mlp:${activation}:${[features, ...hidden, classes].join(',')}`;
  const all: readonly (Configuration & { readonly quick?: boolean })[] = [
    {
      ...usual,
      name: 'softmax-sgd',
      family: 'linear',
      architecture: linear(),
      optimizer: sgd(),
      schedule: cosineSchedule(0.1, 0.01),
      batchSize: 100,
      quick: true,
    },
    {
      ...usual,
      name: 'softmax-nesterov',
      family: 'linear',
      architecture: linear(),
      optimizer: nesterov,
      schedule: cosineSchedule(0.05, 0.005),
      batchSize: 250,
    },
    {
      ...usual,
      name: 'softmax-adam',
      family: 'linear',
      architecture: linear(),
      optimizer: adam(),
      schedule: cosineSchedule(2e-3, 2e-4),
      batchSize: 100,
      quick: true,
    },
    {
      ...usual,
      name: 'softmax-wide-start',
      family: 'linear',
      architecture: linear(),
      optimizer: adam(),
      schedule: cosineSchedule(2e-3, 2e-4),
      batchSize: 100,
      initialScale: 3,
    },
    {
      ...usual,
      name: 'linear-2-nesterov',
      family: 'linear',
      architecture: linear(32),
      optimizer: nesterov,
      schedule: cosineSchedule(0.02, 0.002),
      batchSize: 100,
      weightDecay: 1e-3,
    },
    {
      ...usual,
      name: 'linear-3-adam',
      family: 'linear',
      architecture: linear(32, 32),
      optimizer: adam(),
      schedule: cosineSchedule(1e-3, 1e-4),
      batchSize: 100,
      quick: true,
    },
    {
      ...usual,
      name: 'tanh-sgd',
      family: 'nonlinear',
      architecture: mlp('tanh', 64),
      optimizer: sgd(),
      schedule: cosineSchedule(0.1, 0.01),
      batchSize: 100,
      quick: true,
    },
    {
      ...usual,
      name: 'tanh-wide-start',
      family: 'nonlinear',
      architecture: mlp('tanh', 64),
      optimizer: adam(),
      schedule: cosineSchedule(1e-3, 1e-4),
      batchSize: 100,
      initialScale: 2,
    },
    {
      ...usual,
      name: 'relu-nesterov',
      family: 'nonlinear',
      architecture: mlp('relu', 96, 48),
      optimizer: nesterov,
      schedule: cosineSchedule(0.03, 0.003),
      batchSize: 250,
      weightDecay: 1e-3,
    },
    {
      ...usual,
      name: 'relu-adam',
      family: 'nonlinear',
      architecture: mlp('relu', 96, 48),
      optimizer: adam(),
      schedule: cosineSchedule(1e-3, 1e-4),
      batchSize: 100,
      quick: true,
    },
    ...(features === 784
      ? [
          {
            ...usual,
            name: 'lenet-adam',
            family: 'nonlinear',
            architecture: `lenet:4,8:64,32:${classes}`,
            optimizer: adam(),
            schedule: cosineSchedule(2e-3, 2e-4),
            batchSize: 100,
          } as const,
        ]
      : []),
  ];
  return all.filter((one) => !quick || one.quick === true).map(({ quick: _quick, ...configuration }) => configuration);
}
