import { log, type Dtype, type FloatArray } from '@hyperribbon/kernels';
import type { BoundCheckpoint } from './optimizedBound.js';
import type { PriorScale } from '../gaussian/gaussianPrior.js';

/** A posterior to start from: mean (size,), a standard deviation for each direction or group of them that has its own. */
export interface StartPoint {
  readonly mean: FloatArray;
  readonly std: FloatArray;
}

/**
 * What is optimised, flat: mean, ln std, ½ ln of the prior's scales; at a new start, or where a run stopped.
 *
 * @throws RangeError for a checkpoint whose state has another length
 */
export function startState(
  caller: string,
  dtype: Dtype,
  [size, deviations]: readonly [size: number, deviations: number],
  scales: readonly PriorScale[],
  resume: BoundCheckpoint | undefined,
  begin: () => StartPoint,
): FloatArray {
  const length = size + deviations + scales.length;
  const state = dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  if (resume !== undefined) {
    if (resume.state.length !== length) {
      throw new RangeError(
        `${caller}: resume is of a run with ${resume.state.length} numbers in its state, this one has ${length}`,
      );
    }
    state.set(resume.state);
    return state;
  }
  const { mean, std } = begin();
  state.set(mean);
  for (let i = 0; i < deviations; i++) state[size + i] = log(std[i]);
  for (let s = 0; s < scales.length; s++) state[size + deviations + s] = 0.5 * log(scales[s].start);
  return state;
}
