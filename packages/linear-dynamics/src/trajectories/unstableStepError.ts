import { ArgumentError } from '@hyperribbon/contract';

/** Gradient descent with this learning rate would diverge: η is not below 2/λ₁ (or, for SGD, below its own limit). */
export class UnstableStepError extends ArgumentError {
  override readonly name = 'UnstableStepError';
  readonly learningRate: number;
  /** learning rates at or above this diverge */
  readonly limit: number;

  constructor(caller: string, learningRate: number, limit: number, why: string) {
    super(
      `${caller}: learningRate must be below ${limit} (${why}), got learningRate=${learningRate}; take for example ${0.45 * limit}`,
    );
    this.learningRate = learningRate;
    this.limit = limit;
  }
}
