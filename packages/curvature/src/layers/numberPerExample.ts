import { refuse } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  isTargeted,
  type Loss,
  type Network,
  requireAnyExamples,
  requireLoss,
  requireSeparateExamples,
} from '@hyperribbon/nn';
import { logit } from '../operators/logit.js';

/**
 * The number per example that gradients are asked of, a loss or a logit by its number, after the examples were checked for it.
 *
 * @throws ArgumentError in the caller's name for examples that do not fit or have weights, and a number that is none of each example alone
 */
export function numberPerExample(
  caller: string,
  network: Network,
  examples: AnyExamples,
  of: Loss | number,
  { dtype, deterministic }: { readonly dtype: Dtype; readonly deterministic: boolean },
): Loss {
  requireAnyExamples(caller, network, examples, dtype, typeof of === 'number' ? 'any' : of);
  if (examples.weights !== undefined)
    refuse(caller, 'examples must not have weights: all of them count the same in what is asked for');
  const number = typeof of === 'number' ? logit(caller, network, of) : of;
  requireSeparateExamples(caller, network, deterministic);
  requireLoss(caller, number, network.classes, dtype, isTargeted(examples) ? 'targets' : 'labels');
  return number;
}
