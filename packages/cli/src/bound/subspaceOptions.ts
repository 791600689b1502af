import type { Network } from '@hyperribbon/nn';
import type { FisherKind } from '@hyperribbon/landscape';
import { basisLayers } from '@hyperribbon/pac-bayes/networks';
import { integerOption } from '../input/integers.js';
import { UsageError } from '../usageError.js';
import type { BoundMethod } from './boundPlan.js';

/** Where deviations start: see `hyperribbon bound --help`. */
export type InitialVariances = 'factor' | 'eigenvalues' | 'analytic';

/** What Methods 2 to 4 need beside the rest for networks that are no stack of dense layers. */
export interface SubspacePlan {
  /** leading eigenvectors with a deviation each */
  readonly directions: number;
  /** examples that the curvature is taken from */
  readonly examples: number;
  /** networks drawn per step of the optimisation */
  readonly draws: number;
  /** networks drawn for the certificate, and random examples that each meets */
  readonly networks: number;
  readonly examplesPerNetwork: number;
  readonly initialVariances: InitialVariances;
  /** labels behind the Fisher matrix; left out: drawn from the model, one for each input */
  readonly fisher?: FisherKind;
}

/** The options as commander hands them over. */
export interface SubspaceOptions {
  readonly directions?: string;
  readonly curvatureExamples?: string;
  readonly draws?: string;
  readonly networks?: string;
  readonly examplesPerNetwork?: string;
  readonly initialVariances?: InitialVariances;
  readonly fisher?: FisherKind;
  /** `directions` takes dense layers as if they had no Kronecker factors */
  readonly basis?: string;
}

const names = {
  directions: '--directions',
  curvatureExamples: '--curvature-examples',
  draws: '--draws',
  networks: '--networks',
  examplesPerNetwork: '--examples-per-network',
  initialVariances: '--initial-variances',
  fisher: '--fisher',
} as const;

/** Whether the posterior has directions of its own: a curvature method on a network without Kronecker factors, or if asked for. */
export function isSubspace(network: Network, method: BoundMethod, basis: string | undefined): boolean {
  const curved = ['method2', 'method3', 'method4'].includes(method);
  return curved && (basis === 'directions' || basisLayers(network) === undefined);
}

/** Checks the options. @throws UsageError for one that the method has no use for, and with the option's name */
export function subspacePlan(
  options: SubspaceOptions,
  network: Network,
  method: BoundMethod,
  quick: boolean,
): SubspacePlan | undefined {
  if (!isSubspace(network, method, options.basis)) {
    const given = Object.entries(names).find(([key]) => options[key as keyof typeof names] !== undefined);
    if (given === undefined) return undefined;
    throw new UsageError(
      `${given[1]}: goes with method2, method3 and method4 of a convolutional network, or --basis directions`,
    );
  }
  const most = network.size - 1;
  const examples = integerOption(
    names.curvatureExamples,
    options.curvatureExamples ?? (quick ? '300' : method === 'method3' ? '1000' : '2000'),
    1,
  );
  const usual = Math.min(quick ? 40 : method === 'method4' ? 300 : 200, most, examples);
  return {
    directions: integerOption(names.directions, options.directions ?? String(usual), 1, Math.min(most, examples)),
    examples,
    draws: integerOption(names.draws, options.draws ?? '1', 1),
    networks: integerOption(names.networks, options.networks ?? (quick ? '1000' : '10000'), 1),
    examplesPerNetwork: integerOption(names.examplesPerNetwork, options.examplesPerNetwork ?? '1', 1),
    initialVariances: options.initialVariances ?? 'factor',
    ...(options.fisher === undefined || options.fisher === 'sampled' ? {} : { fisher: options.fisher }),
  };
}

/** What must agree for a checkpoint to be of the same run: all but how the posterior is certified in the end. */
export function subspaceKey(plan: SubspacePlan | undefined): unknown {
  if (plan === undefined) return null;
  const { directions, examples, draws, initialVariances, fisher = 'sampled' } = plan;
  return { directions, examples, draws, initialVariances, fisher };
}
