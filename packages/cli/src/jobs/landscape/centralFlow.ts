import { isArgumentError, sentenceOf } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type CentralFlow, centralFlow, type CentralFlowOptions } from '@hyperribbon/landscape/dynamics';
import { type Examples, type NetworkData, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';

/** Central flow of descent from given weights. */
export interface CentralFlowJob extends Omit<CentralFlowOptions, 'signal' | 'onProgress' | 'resume'> {
  readonly network: NetworkData;
  readonly examples: Examples;
  /** (size,) */
  readonly initial: FloatArray;
}

/** The flow, or why there is none at this learning rate. */
export type CentralFlowResult = Omit<CentralFlow, 'state'> | { readonly none: string };

export async function runCentralFlow(job: CentralFlowJob, { signal, report }: JobContext): Promise<CentralFlowResult> {
  const { network, examples, initial, ...options } = job;
  try {
    const { state: _state, ...found } = await centralFlow(networkFromData(network), initial, examples, {
      ...options,
      signal,
      onProgress: report,
    });
    return found;
  } catch (error) {
    if (isArgumentError(error)) return { none: sentenceOf(error) };
    throw error;
  }
}
