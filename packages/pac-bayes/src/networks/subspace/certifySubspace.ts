import { kernelInfo } from '@hyperribbon/kernels';
import type { Examples } from '@hyperribbon/nn';
import type { ChosenSubspacePrior } from './chooseSubspaceScales.js';
import { chooseSubspaceScales } from './chooseSubspaceScales.js';
import { resolveAccounting, type AccountingOptions } from '../certify/resolveAccounting.js';
import { assembleBound, type CertifyOptions, type NetworkBound } from '../certify/certifyPosterior.js';
import { subspaceErrors, type SubspaceErrorOptions } from './subspaceErrors.js';
import type { SubspacePosterior } from './subspacePosterior.js';
import type { SubspacePriorFamily } from './subspacePriorFamily.js';

export interface CertifySubspaceOptions
  extends Omit<SubspaceErrorOptions, 'examplesPerDraw'>,
    AccountingOptions,
    Pick<CertifyOptions, 'near'> {
  readonly prior: SubspacePriorFamily;
  /**
   * Random examples that each network meets, default 1. Then every trial is one right-or-wrong answer of its own network about its
   * own example, and the binomial limit applies; with more, networks are the units, and the limit of averages does.
   */
  readonly examplesPerDraw?: number;
}

/** A {@link NetworkBound} of a subspace posterior. */
export interface SubspaceBound extends NetworkBound {
  readonly prior: ChosenSubspacePrior;
  readonly examplesPerDraw: number;
}

/**
 * Certifies a subspace posterior: `certifyPosterior` for classifiers whose weights cannot be drawn layer by layer, so that whole networks
 * are drawn, `draws` of them (default 10,000), each meeting its own random examples.
 *
 * With as many networks, one example each gives the smaller limit: with a mean of 0.04 over 10,000 networks the binomial limit of single
 * trials is 0.0448 and that of averages over many examples 0.0462, which also cost more forward passes.
 */
export async function certifySubspace(
  posterior: SubspacePosterior,
  examples: Examples,
  options: CertifySubspaceOptions,
): Promise<SubspaceBound> {
  const { draws = 10_000, examplesPerDraw = 1, seed = 0, purpose = 'subspace/certify', deterministic = true } = options;
  const accounting = resolveAccounting('certifySubspace', posterior, options.prior, options);
  const chosen = chooseSubspaceScales(options.prior, posterior, options.near);
  const began = performance.now();
  const drawn = { draws, examplesPerDraw, seed, purpose, deterministic };
  const errors = await subspaceErrors(posterior, examples, { ...options, ...drawn });
  // every error is a whole number of mistakes over examplesPerDraw
  const perPass = Array.from(errors, (error) => Math.round(error * examplesPerDraw));
  const measured = {
    errors: perPass.reduce((sum, mistakes) => sum + mistakes, 0),
    trials: draws * examplesPerDraw,
    passes: draws,
    perPass,
    seed,
    purpose,
    batchSize: examplesPerDraw,
    dtype: posterior.directions.BYTES_PER_ELEMENT === 8 ? ('float64' as const) : ('float32' as const),
    noise: 'weights' as const,
    kernels: kernelInfo({ deterministic }),
    seconds: (performance.now() - began) / 1000,
  };
  const bound = assembleBound({ errors: measured, units: draws, chosen, n: examples.count, ...accounting });
  return { ...bound, prior: chosen, examplesPerDraw };
}
