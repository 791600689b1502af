import { floatArray, refuse } from '@hyperribbon/contract';
import { log, type Dtype, type FloatArray } from '@hyperribbon/kernels';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import type { DescentSetting } from './resolveDescent.js';

/** A posterior to start from: mean (size,), a standard deviation for each direction or group of them that has its own. */
export interface StartPoint {
  readonly mean: FloatArray;
  readonly std: FloatArray;
}

/**
 * What is optimised, flat: mean, ln std, ½ ln of the prior's scales; at a new start, or where a run stopped.
 *
 * @param deviations how many the posterior has
 * @throws RangeError for a checkpoint whose state has another length
 */
export function startState(
  { caller, network: { size }, resume }: DescentSetting,
  dtype: Dtype,
  deviations: number,
  { scales }: PriorFamily,
  begin: () => StartPoint,
): FloatArray {
  const length = size + deviations + scales.length;
  if (resume !== undefined) {
    const found = resume.state.length;
    if (found !== length) {
      refuse(caller, `resume is of a run with ${found} numbers in its state, this one has ${length}`);
    }
    return floatArray(dtype, resume.state);
  }
  const state = floatArray(dtype, length);
  const { mean, std } = begin();
  state.set(mean);
  for (let i = 0; i < deviations; i++) state[size + i] = log(std[i]);
  for (let s = 0; s < scales.length; s++) state[size + deviations + s] = 0.5 * log(scales[s].start);
  return state;
}
