import { reshape, slice } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Loss, Network } from '@hyperribbon/nn';

/** Logit c of every example, as a function of logits (batch, classes); labels are not looked at. */
export function logit(caller: string, network: Network, c: number): Loss {
  if (!Number.isInteger(c) || c < 0 || c >= network.classes) {
    throw new RangeError(`${caller}: logit must be an integer in [0, ${network.classes}), got ${c}`);
  }
  return (logits: Tensor) => reshape(slice(logits, [0, c], [logits.shape[0], c + 1]), [logits.shape[0]]);
}
