import type { FloatArray } from '@hyperribbon/kernels';
import type { NetworkData } from '@hyperribbon/nn';

/** A network and its weights, as data: jobs carry it to workers. */
export interface Model {
  readonly network: NetworkData;
  readonly params: FloatArray;
}
