import type { PrimitiveParams, Spec } from '@hyperribbon/autodiff';
import type { Draft } from './draft.js';
import type { Held } from './held.js';

/** One equation of a program on its way into a graph. */
export interface Site {
  readonly draft: Draft;
  readonly inputs: readonly Held[];
  readonly params: PrimitiveParams;
  /** shape and type of what it makes */
  readonly out: Spec;
}

/** How a primitive is said with operators of ONNX. */
export type WriteRule = (site: Site) => Held;
