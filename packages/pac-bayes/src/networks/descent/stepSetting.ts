import type { Dtype } from '@hyperribbon/kernels';
import type { ObjectiveSetting } from './objective.js';
import type { Surrogate } from './surrogate.js';

/** What every step on a bound is planned with. */
export interface StepSetting {
  readonly setting: ObjectiveSetting;
  readonly surrogate: Surrogate;
  readonly batch: number;
  /** that the risk is averaged over */
  readonly draws: number;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
}
