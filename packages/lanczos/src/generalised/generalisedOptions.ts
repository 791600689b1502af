import {
  describe,
  refuse,
  refuseType,
  requireFiniteEntries,
  requireFloatArray,
  requireOptions,
} from '@hyperribbon/contract';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import type { EigshOptions, EigshSettings } from '../eigsh/eigshOptions.js';
import { resolveEigshOptions, type ResolvedEigshOptions } from '../eigsh/resolveEigshOptions.js';
import type { Metric, MetricProducts } from './metric.js';

/** of eigsh that hold vectors or a state of one matrix */
const FOREIGN = ['deflate', 'resume', 'checkpointEvery', 'onCheckpoint', 'v0', 'storage', 'blockSize'] as const;

/** Those of eigsh, of the pencil: `tol` is relative to ‖B^−½ A B^−½‖. */
export type EigshGeneralisedOptions = Omit<EigshSettings, 'k' | (typeof FOREIGN)[number]> &
  (
    | { readonly k: number }
    | { readonly above: number; readonly k?: number }
    | { readonly below: number; readonly k?: number }
  );

/** @throws ArgumentError, ArgumentTypeError with the option and its value */
export function resolveGeneralised(
  caller: string,
  op: LinearOperator,
  options: EigshGeneralisedOptions,
): ResolvedEigshOptions {
  requireOptions(caller, options, 'an object with k, above or below');
  for (const name of FOREIGN)
    if ((options as EigshSettings)[name] !== undefined)
      refuse(caller, `${name} is no option of ${caller}; leave it out`);
  return resolveEigshOptions(op, options as EigshOptions, caller);
}

/** @throws ArgumentError, ArgumentTypeError for a B that is none of the three ways, or of another order */
export function requireMetric(
  caller: string,
  metric: Metric,
  n: number,
  { filter }: Pick<EigshSettings, 'filter'>,
): void {
  const given = (['diagonal', 'matrix', 'product'] as const).filter((name) => name in Object(metric));
  if (given.length !== 1) refuseType(caller, 'B', '{ diagonal }, { matrix } or { product, solve }', metric);
  if (given[0] === 'diagonal') {
    const { diagonal } = metric as { diagonal: Float64Array };
    requireFloatArray(caller, 'B.diagonal', diagonal, n);
    requireFiniteEntries(caller, 'B.diagonal', diagonal);
    const at = diagonal.findIndex((value) => !(value > 0));
    if (at >= 0)
      refuse(
        caller,
        `B.diagonal must be above zero, got ${diagonal[at]} at position ${at}; B is to be positive definite`,
      );
  } else if (given[0] === 'matrix') {
    const { matrix } = metric as { matrix: Float64Array };
    requireFloatArray(caller, 'B.matrix', matrix, n * n);
    requireFiniteEntries(caller, 'B.matrix', matrix);
  } else {
    const { product, solve } = metric as MetricProducts;
    if (filter === 'auto')
      refuse(
        caller,
        "filter 'auto' goes with a diagonal or a matrix alone: products and a solve of B are searched without a polynomial; leave it out",
      );
    assertOperator(product, caller);
    if (product.size !== n) refuse(caller, `B.product must be of order ${n} as A is, got ${product.size}`);
    if (typeof solve !== 'function')
      refuse(
        caller,
        `B.solve must be a function (b, x) that solves B x = b, got ${describe(solve)}; without one give { matrix }, or call cg of @hyperribbon/lanczos/solve in it`,
      );
  }
}
