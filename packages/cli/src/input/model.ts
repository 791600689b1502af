import type { FloatArray } from '@hyperribbon/kernels';

/** A network and its weights, by the name that `parseArchitecture` reads. */
export interface Model {
  readonly architecture: string;
  readonly params: FloatArray;
}
