import { requireLoss } from '../assumptions.js';
import type { Theorem } from './complexity.js';
import type { MonteCarloRecord } from '../limits/monteCarlo.js';

/** One place where a piece of the failure probability went. */
export interface DeltaSpent {
  readonly purpose: string;
  readonly delta: number;
}

/** A generalisation bound with everything that went into it; plain JSON. */
export interface BoundRecord {
  readonly theorem: string;
  /** Bibliography key and place. */
  readonly source: string;
  /** The true risk is at most this with probability `confidence`, if the assumptions hold. Not clipped: may exceed 1. */
  readonly value: number;
  /** value >= the error of chance: the bound says nothing. */
  readonly vacuous: boolean;
  /** False if an ingredient left the theorem, see `caveats`. */
  readonly certified: boolean;
  /** 1 - the sum of `deltas`. */
  readonly confidence: number;
  readonly deltas: readonly DeltaSpent[];
  readonly ingredients: Readonly<Record<string, number>>;
  readonly assumptions: readonly string[];
  readonly caveats: readonly string[];
}

/** Arguments that all bounds share. */
export interface BoundArguments {
  /** Empirical risk of the posterior: the exact number, or an upper limit from draws with its own delta. */
  readonly empirical: number | MonteCarloRecord;
  /** KL(Q||P), nats. */
  readonly kl: number;
  /** Examples behind the empirical risk. */
  readonly n: number;
  readonly delta: number;
  /** Price of a union bound over priors, nats; see `gridPrice`. */
  readonly union?: UnionPrice;
  /** Risk of guessing, where a bound becomes vacuous; 1 if left out. */
  readonly chance?: number;
}

/** What simultaneous validity over a family of priors costs. */
export interface UnionPrice {
  readonly nats: number;
  readonly description: string;
  /** False for a price that does not pay for the family. */
  readonly sound: boolean;
}

/** The empirical risk that enters the bound: the upper limit if it was estimated. */
export function empiricalRisk(name: string, { empirical }: BoundArguments): number {
  const value = typeof empirical === 'number' ? empirical : empirical.upper;
  requireLoss(name, value);
  return value;
}

/** Puts value, ledger and assumptions together. */
export function makeRecord(
  { title: theorem, source }: TheoremTitle,
  value: number,
  bound: BoundArguments,
  ingredients: Record<string, number>,
  extraAssumptions: readonly string[] = [],
  extraDeltas: readonly DeltaSpent[] = [],
): BoundRecord {
  const { empirical, kl, n, delta, union, chance = 1 } = bound;
  const monteCarlo = typeof empirical === 'number' ? [] : [monteCarloDelta(empirical)];
  const deltas = [{ purpose: theorem, delta }, ...monteCarlo, ...extraDeltas];
  return {
    theorem,
    source,
    value,
    vacuous: !(value < chance),
    certified: union?.sound ?? true,
    confidence: confidenceLeft(deltas),
    deltas,
    ingredients: { empirical: empiricalRisk(theorem, bound), kl, n, delta, ...ingredients },
    assumptions: [
      `the ${n} examples are independent draws from the distribution the bound speaks about`,
      'the loss lies in [0, 1]',
      'the prior was fixed without the labels or inputs of these examples',
      ...extraAssumptions,
      ...(union === undefined ? [] : [union.description]),
      ...(typeof empirical === 'number' ? ['the empirical risk of the posterior is exact'] : [monteCarloAssumption]),
    ],
    caveats: union === undefined || union.sound ? [] : [`not a certificate: ${union.description}`],
  };
}

export const monteCarloAssumption =
  'posterior draws are independent of each other and of every choice made before they were taken';

export function monteCarloDelta(
  { method, draws, delta }: Omit<MonteCarloRecord, 'upper'>,
  what = 'empirical risk',
): DeltaSpent {
  return { purpose: `${what} from ${draws} draws (${method})`, delta };
}

/** 1 - sum of delta, never below 0. */
export function confidenceLeft(deltas: readonly DeltaSpent[]): number {
  let spent = 0;
  for (const { delta } of deltas) spent += delta;
  return Math.max(0, 1 - spent);
}

/** Name of an inequality; bibliography key and place. */
export interface TheoremTitle {
  readonly title: string;
  readonly source: string;
}

export const theoremTitle: Readonly<Record<Theorem | 'mcallester' | 'thiemann' | 'quadratic', TheoremTitle>> = {
  maurer: { title: 'PAC-Bayes-kl, Maurer form', source: '[maurer2004, Thm 5]' },
  'kl-exact': { title: 'PAC-Bayes-kl with its exact constant', source: '[maurer2004, proof of Thm 5]' },
  'langford-seeger': { title: 'PAC-Bayes-kl, Langford-Seeger form', source: '[langford2001], [dziugaite2017]' },
  catoni: { title: 'Catoni', source: '[catoni2007]' },
  mcallester: { title: 'McAllester, from the Maurer form', source: '[mcallester1999], from [maurer2004, Thm 5]' },
  thiemann: { title: 'Thiemann lambda', source: '[thiemann2017, Thm 3]' },
  quadratic: { title: 'quadratic', source: '[perezortiz2021]' },
};
