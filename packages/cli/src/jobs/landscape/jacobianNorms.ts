import { type JacobianNorms, jacobianNorms, type JacobianNormsOptions } from '@hyperribbon/landscape';
import { type Examples, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import type { Model } from '../../input/model.js';

/** Norms of the input-output Jacobian of given weights. */
export interface JacobianNormsJob extends Omit<JacobianNormsOptions, 'signal' | 'onProgress'> {
  readonly model: Model;
  readonly examples: Examples;
}

export async function runJacobianNorms(job: JacobianNormsJob, { signal, report }: JobContext): Promise<JacobianNorms> {
  const { model, examples, ...options } = job;
  const { norms: _norms, ...found } = await jacobianNorms(networkFromData(model.network), model.params, examples, {
    ...options,
    signal,
    onProgress: report,
  });
  return found;
}
