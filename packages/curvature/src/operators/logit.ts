import { requireInteger } from '@hyperribbon/contract';
import { reshape, slice } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Loss, Network } from '@hyperribbon/nn';

/** Logit c of every example, as a function of logits (batch, classes); labels are not looked at. */
export function logit(caller: string, network: Network, c: number): Loss {
  requireInteger(caller, 'logit', c, 0, network.classes - 1);
  return (logits: Tensor) => reshape(slice(logits, [0, c], [logits.shape[0], c + 1]), [logits.shape[0]]);
}
