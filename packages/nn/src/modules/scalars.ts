import { add, mul } from '@hyperribbon/autodiff';
import { finite, maybe } from '@hyperribbon/contract/decode';
import type { Rule } from './module.js';

/** One learnt number that is added to everything, or that everything is multiplied by. The array is called as the module. */
export interface Scalar {
  readonly kind: 'shift' | 'scale';
  readonly name?: string;
  /** default 0 of a shift, 1 of a scale */
  readonly start?: number;
}

/** Shape (1,), as in [zhang2019fixup]'s published code. */
export const scalars: Rule<Scalar> = {
  options: { start: maybe(finite) },
  build: ({ kind, start = kind === 'shift' ? 0 : 1 }, { shape, name }) => ({
    shape,
    parameters: [{ name, shape: [1], start }],
    apply: (h, { params }) => (kind === 'shift' ? add : mul)(h, params[name]),
  }),
};
