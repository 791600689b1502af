import { type ChangingFactors, sharpnessFactors, type SharpnessFactorsOptions } from '@hyperribbon/landscape';
import { type AnyExamples, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import type { Model } from '../../input/model.js';

/** Sharpness, Jacobian and what is between them at given weights. */
export interface SharpnessFactorsJob extends Omit<SharpnessFactorsOptions, 'signal' | 'onProgress'> {
  readonly model: Model;
  readonly examples: AnyExamples;
}

export interface SharpnessFactorsResult extends ChangingFactors {
  /** all searches settled */
  readonly converged: boolean;
}

export async function runSharpnessFactors(
  job: SharpnessFactorsJob,
  { signal, report }: JobContext,
): Promise<SharpnessFactorsResult> {
  const { model, examples, ...options } = job;
  const found = await sharpnessFactors(networkFromData(model.network), model.params, examples, {
    ...options,
    signal,
    onProgress: report,
  });
  const { sharpness, gaussNewton, tangent, effectiveCurvature, jacobian } = found;
  const converged = [sharpness, gaussNewton, tangent].every((value) => value.converged);
  return { sharpness, gaussNewton, tangent, effectiveCurvature, jacobian, converged };
}
