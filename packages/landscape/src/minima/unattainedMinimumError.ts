import { ArgumentError } from '@hyperribbon/contract';
import type { AffineModel } from './affineExamples.js';
import { describeSeparation, type Separation } from './separation.js';

/** Cross-entropy has an infimum on these examples and no minimum (T1 of the theory of local minima): weights run away. */
export class UnattainedMinimumError extends ArgumentError {
  override readonly name = 'UnattainedMinimumError';
  /** which features and classes are to blame, as far as can be told */
  readonly separation: Separation;
  /** where the search was when it gave up: (features, outputs) and (outputs,); absent where it was not begun */
  readonly reached: AffineModel | undefined;

  constructor(caller: string, separation: Separation, reached?: AffineModel) {
    super(
      `${caller}: examples have no attained minimum of cross-entropy (T1): ${describeSeparation(separation)}. ` +
        'Leave such features out, add label noise or smoothed targets, or use the squared error',
    );
    this.separation = separation;
    this.reached = reached;
  }
}
