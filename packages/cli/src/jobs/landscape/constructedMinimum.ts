import { isArgumentError, sentenceOf } from '@hyperribbon/contract';
import {
  type AffineLoss,
  betterPoint,
  certifyMinimum,
  constructMinimum,
  type MinimumCertificate,
} from '@hyperribbon/landscape/minima';
import { type Examples, type NetworkData, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';

/** A local minimum that is built, certified, and compared with what training finds. */
export interface ConstructedMinimumJob {
  readonly network: NetworkData;
  readonly examples: Examples;
  readonly loss: AffineLoss;
  readonly seed: number;
}

/** The certificate, or why nothing could be built. */
export type ConstructedMinimumResult = { readonly certificate: MinimumCertificate } | { readonly notBuilt: string };

export async function runConstructedMinimum(
  { network: data, examples, loss, seed }: ConstructedMinimumJob,
  { signal, report }: JobContext,
): Promise<ConstructedMinimumResult> {
  const network = networkFromData(data);
  const parts = 3;
  report({ done: 0, of: parts, detail: 'the best affine model, in the weights of the network' });
  let params: Float64Array;
  try {
    ({ params } = await constructMinimum(network, examples, { loss, signal }));
  } catch (error) {
    if (isArgumentError(error)) return { notBuilt: sentenceOf(error) };
    throw error;
  }
  report({ done: 1, of: parts, detail: 'a better point, by training' });
  const better = await betterPoint(network, examples, { loss, seed, signal });
  report({ done: 2, of: parts, detail: 'gradient, kinks, rank and spectrum' });
  const certificate = await certifyMinimum(network, params, examples, { loss, better, seed, signal });
  return { certificate };
}
