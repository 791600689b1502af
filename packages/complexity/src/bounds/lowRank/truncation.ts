import { refuse, requireNonNegative, requirePositive } from '@hyperribbon/contract';
import { exp } from '@hyperribbon/kernels';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import { rampLoss } from '../marginTemplate.js';
import { type ClassLayer, truncatedClass } from './classLayers.js';

/** How layers are cut to their rank. */
export interface CutOptions {
  /** in [0, 1), default 1e-12: singular values up to this share of the largest are cut, and what that changes is charged to the margins */
  readonly rankTolerance?: number;
}

/** A network cut to its numerical ranks, with the empirical term that is left for it. */
export interface CutNetwork {
  readonly layers: readonly ClassLayer[];
  /** names of the layers where something was cut */
  readonly cut: readonly string[];
  /** e: no output of the cut network differs by more on the sample */
  readonly error: number;
  /** the given network's margins on the ramp from 2e to γ + 2e: at least the mean ramp loss at γ of the cut network */
  readonly empirical: number;
  readonly assumptions: readonly string[];
}

/**
 * The margin that is left for the cut network where the given network has the margin γ: γ − 2e.
 *
 * Margins of both differ by at most 2e when outputs differ by at most e.
 * @param margin γ > 0 of the given network
 * @param error e ≥ 0
 * @throws ArgumentError unless γ > 2e: at equality nothing is left
 * @example marginAfterTruncation(2, 0.25); // 1.5
 * Source: ours.
 */
export function marginAfterTruncation(margin: number, error: number): number {
  requirePositive('marginAfterTruncation', 'margin', margin);
  requireNonNegative('marginAfterTruncation', 'error', error);
  const left = margin - 2 * error;
  if (!(left > 0))
    refuse(
      'marginAfterTruncation',
      `margin must exceed twice the error of the truncation, got margin=${margin}, error=${error}: keep more singular values, or take a larger margin`,
    );
  return left;
}

/** Cuts a network, and moves the ramp by what the cuts change. The width γ of the ramp stays as it was declared. */
export function cutNetwork(
  network: NetworkNorms,
  sample: SampleNorms,
  margin: number,
  { rankTolerance }: CutOptions,
): CutNetwork {
  const { layers, cut, logError } = truncatedClass(network, { radius: sample.radius, rankTolerance });
  const error = exp(logError);
  return {
    layers,
    cut,
    error,
    empirical: rampLoss(sample.margins, margin, 2 * error),
    assumptions:
      cut.length === 0
        ? []
        : [
            `The statement is about the network with ${cut.join(', ')} cut to numerical rank; its outputs on the sample differ by at most ${error.toPrecision(3)}, and twice that is taken from every margin.`,
          ],
  };
}

/** What is said where cuts have eaten all margins, or where layers could not be cut. */
export function cutCaveats({ cut, empirical, error }: CutNetwork): string[] {
  return cut.length > 0 && !(empirical < 1)
    ? [`Cuts change outputs by up to ${error.toPrecision(3)}, which no margin survives: cut less.`]
    : [];
}
