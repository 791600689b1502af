import type { Optimizer, Schedule } from '@hyperribbon/nn';

/** How one kind of network is trained; a run is a configuration and a seed. */
export interface Configuration {
  /** short and unique: "relu-adam" */
  readonly name: string;
  /** linear: logits are an affine function of the inputs at any depth */
  readonly family: 'linear' | 'nonlinear';
  /** as `parseArchitecture` reads it */
  readonly architecture: string;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly batchSize: number;
  /** adds weightDecay · w to the gradient */
  readonly weightDecay: number;
  /** multiplies the seeded initial weights */
  readonly initialScale: number;
}
