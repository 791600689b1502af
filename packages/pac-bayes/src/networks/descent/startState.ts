import { floatArray, refuse } from '@hyperribbon/contract';
import { log, type Dtype, type FloatArray } from '@hyperribbon/kernels';
import { priorStd } from '../gaussian/priorFamily.js';
import { requireDeviations, requireGaussianWeights } from '../gaussian/requireGaussian.js';
import type { DescentOptions, DescentSetting } from './resolveDescent.js';

/**
 * What is optimised, flat: mean, ln std, ½ ln of the prior's scales; at a new start, or where a run stopped.
 *
 * @param k directions of a subspace posterior
 * @param turn takes the initial mean to the coordinates of the steps
 * @throws RangeError for a start or a checkpoint that does not fit
 */
export function startState(
  { caller, network, prior, resume }: DescentSetting,
  dtype: Dtype,
  { initialMean = prior.mean, initialStd = 0.5 }: DescentOptions,
  { k, turn = (mean) => mean }: { readonly k?: number; readonly turn?: (mean: FloatArray) => FloatArray },
): FloatArray {
  const { scales } = prior;
  const { size } = network;
  const deviations = k === undefined ? size : k + 1;
  const length = size + deviations + scales.length;
  if (resume !== undefined) {
    const found = resume.state.length;
    if (found !== length) {
      refuse(caller, `resume is of a run with ${found} numbers in its state, this one has ${length}`);
    }
    return floatArray(dtype, resume.state);
  }
  requireGaussianWeights(caller, 'initialMean', network, initialMean);
  const starts = scales.map(({ start }) => start);
  const std = typeof initialStd === 'number' ? priorStd(prior, starts, k).map((s) => initialStd * s) : initialStd;
  if (std.length !== deviations) refuse(caller, `initialStd must hold ${deviations} numbers, got ${std.length}`);
  requireDeviations(caller, 'initialStd', std);
  const state = floatArray(dtype, length);
  state.set(turn(initialMean));
  for (let i = 0; i < deviations; i++) state[size + i] = log(std[i]);
  for (let s = 0; s < scales.length; s++) state[size + deviations + s] = 0.5 * log(starts[s]);
  return state;
}
