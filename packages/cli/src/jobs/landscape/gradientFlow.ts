import type { FloatArray } from '@hyperribbon/kernels';
import { type GradientFlow, gradientFlow, type GradientFlowOptions } from '@hyperribbon/landscape/dynamics';
import { type Examples, type NetworkData, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';

/** Gradient flow from given weights. */
export interface GradientFlowJob extends Omit<GradientFlowOptions, 'signal' | 'onProgress' | 'resume'> {
  readonly network: NetworkData;
  readonly examples: Examples;
  /** (size,) */
  readonly initial: FloatArray;
}

export async function runGradientFlow(
  job: GradientFlowJob,
  { signal, report }: JobContext,
): Promise<Omit<GradientFlow, 'state'>> {
  const { network, examples, initial, ...options } = job;
  const flow = await gradientFlow(networkFromData(network), initial, examples, {
    ...options,
    signal,
    onProgress: report,
  });
  const { state: _state, ...found } = flow;
  return found;
}
