import type { Examples, Network } from '@hyperribbon/nn';
import type { FloatArray } from '@hyperribbon/kernels';
import type { KroneckerBasis } from '@hyperribbon/pac-bayes/networks';
import { head } from '../input/splits.js';
import { kroneckerBasis } from '@hyperribbon/landscape';

/** The scripts of [yang2022] renew the basis from so many training inputs. */
const most = 10_000;

export interface MovingBasis {
  /** inputs that it is taken from */
  readonly count: number;
  at(mean: FloatArray, epoch: number): KroneckerBasis;
}

/** Method 3's basis: eigenvectors of the Kronecker factors of the bound's own inputs, at the posterior's means of the moment. */
export function movingBasis(
  network: Network,
  examples: Examples,
  { kind, seed }: { readonly kind: 'kfra' | 'kfac'; readonly seed: number },
): MovingBasis {
  const inputs = head(examples, most);
  return {
    count: inputs.count,
    at: (mean) => kroneckerBasis(network, mean, inputs, { turn: 'full', kind, seed }).basis,
  };
}
