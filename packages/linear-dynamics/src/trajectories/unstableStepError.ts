/** Gradient descent with this step size would diverge: η is not below 2/λ₁ (or, for SGD, below its own limit). */
export class UnstableStepError extends RangeError {
  override readonly name = 'UnstableStepError';
  readonly stepSize: number;
  /** steps at or above this diverge */
  readonly limit: number;

  constructor(caller: string, stepSize: number, limit: number, why: string) {
    super(
      `${caller}: stepSize must be below ${limit} (${why}), got stepSize=${stepSize}; take for example ${0.45 * limit}`,
    );
    this.stepSize = stepSize;
    this.limit = limit;
  }
}
