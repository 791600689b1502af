import { refuse } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { analyticPosterior } from './analyticPosterior.js';
import { requireCount, requireDelta, requireThat } from '../assumptions.js';
import { confidenceLeft, monteCarloAssumption, theoremTitle, type DeltaSpent } from '../theorems/boundRecord.js';
import type {
  AnalyticBound,
  AnalyticBoundArguments,
  BoundCandidate,
  CertifiedBound,
  GridEvidence,
} from './analyticBoundRecord.js';
import { complexity } from '../theorems/complexity.js';
import { squareRootGap } from '../theorems/klBound.js';
import { klInverseUpper } from '../limits/klInverse.js';
import { monteCarloLimit, type MonteCarloEvidence, type MonteCarloRecord } from '../limits/monteCarlo.js';
import { gridPrecision, gridPrice } from '../theorems/penalties.js';
import { roundUp } from '../limits/rounding.js';

/**
 * Generalisation bound from a Hessian spectrum, over a grid of prior precisions eps_j = (1/c) exp(j/b).
 *
 * For each j: the posterior of {@link analyticPosterior}, its KL, the price of the grid, the right-hand side of the theorem, and with
 * evidence from posterior draws the bound. The PAC-Bayes statement holds for all j and all posteriors at once, so j may be
 * chosen after seeing everything. The draws are another matter: whoever picks the best j by looking at estimates must
 * either split deltaMonteCarlo over all j that were estimated (what happens here by default), or pick j with one set of draws and
 * pass fresh ones as `certificate` (then the fresh ones alone count, with the whole deltaMonteCarlo).
 * @param bound spectrum, |w - w0|^2, n, evidence; see {@link AnalyticBoundArguments}
 * @returns every candidate with its parts, the best one with its ledger of delta, assumptions and caveats
 * @throws AssumptionError naming theorem and assumption, also for a `certificate` that is the evidence it was chosen by; ArgumentError for evidence on a j outside the grid or given twice
 * @example
 * const spectrum = { eigenvalues: [5, 1, 0.1], dimension: 1000, displacementSquared: 4, n: 55000 };
 * const cheap = [10, 20, 30].map((j) => ({ j, mean: 0.05, draws: 100 }));
 * const { j } = bestPlugIn(analyticBound({ ...spectrum, evidence: cheap }));
 * analyticBound({ ...spectrum, evidence: cheap, certificate: { j, mean: 0.05, draws: 10000 } }).best.value; // 0.0753...
 */
export function analyticBound(bound: AnalyticBoundArguments): AnalyticBound {
  const { n, delta = 0.025, deltaMonteCarlo = 0.01, theorem = 'langford-seeger', penaltyForm = 'correct' } = bound;
  const { convention = '2(n-1)', evidence = [], certificate, chance = 1, dimension } = bound;
  const grid = { b: 10, c: 0.05, first: 1, last: 60, ...bound.grid };
  requireDelta(theorem, delta);
  requireDelta(theorem, deltaMonteCarlo, 'deltaMonteCarlo');
  requireCount(theorem, 'grid.first', grid.first, 1);
  requireCount(theorem, 'grid.last', grid.last, grid.first);
  requireCount(theorem, 'dimension', dimension, bound.eigenvalues.length);
  const estimates = byIndex(evidence, grid);
  if (certificate !== undefined) requireFresh(theorem, evidence, certificate);
  const share = certificate === undefined ? deltaMonteCarlo / Math.max(1, estimates.size) : deltaMonteCarlo;
  const slip = penaltyForm === 'released-scripts' ? 2 * log(delta) : 0;

  const candidates: BoundCandidate[] = [];
  for (let j = grid.first; j <= grid.last; j++) {
    const precision = gridPrecision(j, grid);
    const posterior = analyticPosterior({ ...bound, precision, convention });
    const { kl, klCovariance, klDisplacement, expectedExcess, effectiveDimension } = posterior;
    const price = gridPrice([j]).nats + slip;
    const { penalty, rate } = complexity(theorem, { kl, n, delta, price });
    const gap = squareRootGap(rate);
    const row = { j, precision, penalty, kl, klCovariance, klDisplacement, complexity: rate, gap, expectedExcess };
    const draws = estimates.get(j);
    const estimated = draws && evaluate(monteCarloLimit(draws, share), rate, gap);
    const confidence = confidenceLeft([
      { purpose: '', delta },
      { purpose: '', delta: deltaMonteCarlo },
    ]);
    candidates.push({ ...row, effectiveDimension, ...(estimated && { ...estimated, confidence }) });
  }

  const split = certificate === undefined;
  const best = split
    ? smallest(candidates, (row) => row.corrected)
    : certified(candidates, certificate.j, monteCarloLimit(certificate, deltaMonteCarlo));
  const deltas = ledger(delta, deltaMonteCarlo, split ? estimates.size : 1);
  const title = theoremTitle[theorem];
  return {
    theorem: title.title,
    source: title.source,
    n,
    dimension,
    delta,
    deltaMonteCarlo,
    convention,
    penaltyForm,
    grid,
    selection: split ? (estimates.size <= 1 ? 'fixed' : 'split') : 'fresh-draws',
    candidates,
    ...(best && { best: finish(best, deltas, penaltyForm === 'correct', chance) }),
    deltas: best === undefined ? deltas.slice(0, 1) : deltas,
    assumptions: assumptions(n, split, bound.drawSource),
    caveats: caveats(convention, penaltyForm),
  };
}

/**
 * The candidate with the smallest plug-in bound: the one to spend fresh draws on.
 * @throws ArgumentError where no candidate has evidence
 * @example
 * const evidence = [10, 20].map((j) => ({ j, mean: 0.05, draws: 100 }));
 * bestPlugIn(analyticBound({ eigenvalues: [5, 1], dimension: 1000, displacementSquared: 4, n: 55000, evidence })).j; // 10
 */
export function bestPlugIn({ candidates }: AnalyticBound): BoundCandidate {
  const best = smallest(candidates, (row) => row.plugIn);
  if (best === undefined) refuse('bestPlugIn', 'no candidate has evidence');
  return best;
}

function byIndex<T extends { readonly j: number }>(
  evidence: readonly T[],
  grid: { readonly first: number; readonly last: number },
): ReadonlyMap<number, T> {
  const map = new Map<number, T>();
  for (const draws of evidence) {
    if (!(Number.isInteger(draws.j) && draws.j >= grid.first && draws.j <= grid.last))
      refuse('analyticBound', `evidence must be on the grid ${grid.first}..${grid.last}, got j=${draws.j}`);
    if (map.has(draws.j)) refuse('analyticBound', `evidence for j=${draws.j} was given twice`);
    map.set(draws.j, draws);
  }
  return map;
}

/** Draws that chose are no fresh ones: handed in again they would count at the whole delta though the best of many was taken. */
function requireFresh(theorem: string, pilots: readonly GridEvidence[], fresh: GridEvidence): void {
  const { j, source } = fresh;
  const again = pilots.some((pilot) =>
    source === undefined || pilot.source === undefined
      ? pilot.j === j && sameCounts(pilot, fresh)
      : pilot.source === source,
  );
  requireThat(!again, theorem, 'fresh draws for the certificate, not those that chose', 'certificate', j);
}

function sameCounts(a: MonteCarloEvidence, b: MonteCarloEvidence): boolean {
  if ('errors' in a) return 'errors' in b && a.errors === b.errors && a.trials === b.trials;
  return !('errors' in b) && a.mean === b.mean && a.draws === b.draws;
}

type Evaluation = Required<Pick<BoundCandidate, 'monteCarlo' | 'plugIn' | 'corrected' | 'mcAllester'>>;

function evaluate(monteCarlo: MonteCarloRecord, rate: number, gap: number): Evaluation {
  return {
    monteCarlo,
    plugIn: klInverseUpper(monteCarlo.mean, rate),
    corrected: klInverseUpper(monteCarlo.upper, rate),
    mcAllester: roundUp(monteCarlo.upper + gap, 2),
  };
}

type Evaluated = BoundCandidate & Evaluation;

function smallest(
  rows: readonly BoundCandidate[],
  key: (row: BoundCandidate) => number | undefined,
): Evaluated | undefined {
  let best: BoundCandidate | undefined;
  for (const row of rows) if ((key(row) ?? Infinity) < (best === undefined ? Infinity : key(best)!)) best = row;
  return best as Evaluated | undefined;
}

function certified(candidates: readonly BoundCandidate[], j: number, draws: MonteCarloRecord): Evaluated {
  const row = candidates.find((candidate) => candidate.j === j);
  if (row === undefined) refuse('analyticBound', `certificate must be on the grid, got j=${j}`);
  return { ...row, ...evaluate(draws, row.complexity, row.gap) };
}

function finish(row: Evaluated, deltas: readonly DeltaSpent[], sound: boolean, chance: number): CertifiedBound {
  const { corrected: value, gap: _gap, expectedExcess: _excess, effectiveDimension: _dimension, ...rest } = row;
  return { ...rest, value, vacuous: !(value < chance), certified: sound, confidence: confidenceLeft(deltas) };
}

function ledger(delta: number, deltaMonteCarlo: number, estimates: number): readonly DeltaSpent[] {
  const each = estimates > 1 ? `, ${deltaMonteCarlo}/${estimates} for each of ${estimates} candidates` : '';
  return [
    { purpose: 'PAC-Bayes inequality, all grid members j ≥ 1 together, 6δ/(π²j²) each', delta },
    { purpose: `empirical error of the posterior from random draws${each}`, delta: deltaMonteCarlo },
  ];
}

function assumptions(n: number, split: boolean, source: string | undefined): readonly string[] {
  return [
    `the ${n} examples are independent draws from the distribution the bound speaks about`,
    'the loss is the 0-1 error of the random classifier',
    'the prior N(w₀, I/ε_j) does not depend on these examples: w₀ comes from the random initialisation',
    'the directions of the posterior are orthonormal, and the draws come from exactly this posterior',
    split ? monteCarloAssumption : 'the certifying draws are independent of how j was chosen and of each other',
    ...(source === undefined ? [] : [`draws: ${source}`]),
  ];
}

function caveats(convention: string, form: string): readonly string[] {
  return [
    convention === '2(n-1)'
      ? 'reconstruction: the factor 2(n − 1) in the posterior precision is derived here, not read in the paper; it affects tightness only'
      : 'the factor 4(n − 1)/ln 2 in the posterior precision is that of the authors’ notebook; it affects tightness only',
    ...(form === 'correct'
      ? []
      : ['not a certificate: penalty in the form of the released scripts, too small by 2 ln(1/δ)']),
  ];
}
