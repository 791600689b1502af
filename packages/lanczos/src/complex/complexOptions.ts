import { refuse, requireInteger, requireOptions } from '@hyperribbon/contract';
import type { EigshOptions, EigshSettings } from '../eigsh/eigshOptions.js';
import { resolveEigshOptions, type ResolvedEigshOptions } from '../eigsh/resolveEigshOptions.js';
import { type ComplexOperator, realForm } from './complexOperator.js';

/** of eigsh that would have to come in pairs */
const FOREIGN = ['deflate'] as const;

/** Those of eigsh; a start vector `v0` is (2n,) interleaved. */
export type EigshComplexOptions = Omit<EigshSettings, 'k' | (typeof FOREIGN)[number]> &
  (
    | { readonly k: number }
    | { readonly above: number; readonly k?: number }
    | { readonly below: number; readonly k?: number }
  );

/** What is asked of the real operator, and of the answer. */
export interface ResolvedComplex extends Pick<ResolvedEigshOptions, 'which' | 'tol' | 'threshold' | 'maxMatvecs'> {
  /** most eigenvalues of H */
  readonly k: number;
  readonly search: EigshOptions;
}

/** @throws ArgumentError, ArgumentTypeError with the option and its value */
export function resolveComplex(caller: string, op: ComplexOperator, options: EigshComplexOptions): ResolvedComplex {
  requireOptions(caller, options, 'an object with k, above or below');
  const n = op.size;
  for (const name of FOREIGN)
    if ((options as EigshSettings)[name] !== undefined)
      refuse(caller, `${name} is no option of ${caller}; leave it out`);
  const { above, below } = options as EigshSettings;
  const open = above !== undefined || below !== undefined;
  const k = options.k ?? ((open ? Math.min(n, 64) : undefined) as number);
  requireInteger(caller, 'k', k, 1, n);
  const search = { ...options, k: 2 * k } as EigshOptions;
  const { which, tol, threshold, maxMatvecs } = resolveEigshOptions(realForm(op), search, caller);
  return { k, which, tol, threshold, maxMatvecs, search };
}
