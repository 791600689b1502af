import { AbortError, type OnProgress, requireInteger, requireOneOf, throwIfAborted } from '@hyperribbon/contract';
import type { SolverReason } from '@hyperribbon/contract/reasons';
import type { FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { eigh, eigsh } from '@hyperribbon/lanczos';
import { centredOperator } from './centredOperator.js';
import { requireDistances, centredRow, centreOf, type Centre, type SquaredDistances } from './centring.js';
import { weightsOf } from './weights.js';

/** up to this many models all eigenpairs are computed by default: about 3 models³ flops */
const DENSE_MODELS = 1024;
/** eigenvalues below this many ulps of ‖W‖ are rounding */
const RESOLUTION = 10 * 2 ** -52;

/** Lanczos vectors kept: a product costs a pass over D, so restarts are dearer than vectors */
const BASIS = 160;

/** How many axes a map has, and how they are found. */
export interface InpcaOptions {
  /** how many coordinates; default min(10, models) */
  readonly dimensions?: number;
  /** (models,) ω ≥ 0: how much each model counts in centre and axes; divided by their sum; default equal */
  readonly weights?: ArrayLike<number>;
  /** dense: all eigenpairs of W; lanczos: matrix-free; default dense up to 1024 models */
  readonly method?: 'dense' | 'lanczos';
  /** residual that counts as converged, relative to ‖W‖, for lanczos; default 1e-9 */
  readonly tol?: number;
  /** names the random start vector of lanczos; default 0 */
  readonly seed?: number;
  readonly deterministic?: boolean;
  /** an abort ends the call with AbortError; dense, which is synchronous, looks once */
  readonly signal?: AbortSignal;
  /** units: products done by lanczos */
  readonly onProgress?: OnProgress;
}

/** An embedding of models in Minkowski space, with what is needed to place others in it. */
export interface InpcaMap {
  readonly models: number;
  readonly dimensions: number;
  /** (models, dimensions) row-major: √|λ_k| times the k-th eigenvector of W */
  readonly coordinates: Float64Array;
  /** (dimensions,) by decreasing |λ|, signs kept */
  readonly eigenvalues: Float64Array;
  /** (dimensions,) +1 real (space-like), −1 imaginary (time-like), 0 below `resolution`: neither */
  readonly signs: Int8Array;
  /** (dimensions,) 1 − ‖W − W_k‖/‖W‖ for the first k = 1, 2, ... axes */
  readonly explainedStress: Float64Array;
  /** (dimensions,) ‖D − D_k‖/‖D‖ (Frobenius) for the first k axes; see explainedDistance for the other variant */
  readonly distanceError: Float64Array;
  /** (models,) ω, sum 1 */
  readonly weights: Float64Array;
  readonly centre: Centre;
  /** ‖W‖ (Frobenius), and the magnitude below which an eigenvalue is rounding */
  readonly norm: number;
  readonly resolution: number;
  readonly method: 'dense' | 'lanczos';
  /** false: lanczos did not reach `tol`, see reason */
  readonly converged: boolean;
  readonly reason: 'dense' | SolverReason;
  /** (dimensions,) ‖W v − λ v‖; zeros for dense */
  readonly residualNorms: Float64Array;
  readonly matvecs: number;
  readonly seed: number;
  readonly kernels: KernelInfo | undefined;
}

/**
 * Intensive principal component analysis: coordinates whose signed squared differences are the divergences,
 * D_ij = Σ_k s_k (X_ik − X_jk)², exactly so with all axes [quinn2019; mao2024].
 *
 * W = −½ J D J is diagonalised; D plays the role of a squared distance. Axes are ordered by |λ|; a negative λ is an imaginary axis.
 * With weights ω: J = I − 1 ωᵀ, eigenpairs of models · W diag(ω), so that equal weights change nothing; eigenvectors v have
 * Σ ω v² = 1/models, and norms count entry ij with ω_i ω_j. The sign of an axis makes its largest coordinate positive.
 *
 * @param distances (models, models): {@link Divergences} or any symmetric matrix of squared distances with zero diagonal
 * @throws ArgumentError for anything else, for bad weights and options
 * Cost: dense 3 models³ flops and 24 models² bytes; lanczos a pass over D per product, some 50 to 100 products, no copy of D.
 * @example
 * const map = await inpca(bhattacharyyaDivergences(models), { dimensions: 3 });
 * map.signs; // which axes are real and which imaginary
 */
export async function inpca(distances: SquaredDistances, options: InpcaOptions = {}): Promise<InpcaMap> {
  requireDistances('inpca', distances);
  const { models } = distances;
  const { dimensions = Math.min(10, models), method = models <= DENSE_MODELS ? 'dense' : 'lanczos' } = options;
  requireInteger('inpca', 'dimensions', dimensions, 1, models);
  requireOneOf('inpca', 'method', method, ['dense', 'lanczos']);
  throwIfAborted('inpca', options.signal);
  const weights = weightsOf('inpca', models, options.weights);
  const root = weights.map((w) => Math.sqrt(models * w));
  const centre = centreOf(distances, weights);
  const problem = { distances, dimensions, weights, root, centre };
  const found = await (method === 'dense' ? densePairs(problem, options) : lanczosPairs(problem, options));
  const moments = momentsOf(problem);
  const resolution = RESOLUTION * moments.norm;
  const { eigenvalues } = found;
  const signs = Int8Array.from(eigenvalues, (value) => (Math.abs(value) <= resolution ? 0 : Math.sign(value)));
  const coordinates = coordinatesOf(found, root, models);
  placeWeightless(problem, { eigenvalues, signs, coordinates });
  return {
    models,
    dimensions,
    coordinates,
    signs,
    ...explained(coordinates, found, weights, moments),
    weights,
    centre,
    resolution,
    norm: moments.norm,
    method,
    seed: options.seed ?? 0,
    ...found.report,
    eigenvalues,
  };
}

interface Problem extends Pick<InpcaMap, 'dimensions' | 'weights' | 'centre'> {
  readonly distances: SquaredDistances;
  /** (models,) √(models ω) */
  readonly root: Float64Array;
}

interface Pairs {
  readonly eigenvalues: Float64Array;
  /** (dimensions, models) orthonormal rows */
  readonly vectors: ArrayLike<number>;
  /** (dimensions,) Σ of the squares of the eigenvalues behind the first k; undefined where only these are known */
  readonly tails: Float64Array | undefined;
  readonly report: Pick<InpcaMap, 'converged' | 'reason' | 'residualNorms' | 'matvecs' | 'kernels'>;
}

function densePairs({ distances, dimensions, root, centre }: Problem, { deterministic = false }: InpcaOptions): Pairs {
  const { models } = distances;
  const w = new Float64Array(models * models);
  for (let i = 0; i < models; i++) {
    const row = centredRow(distances, centre, i, w.subarray(i * models, (i + 1) * models));
    for (let j = 0; j < models; j++) row[j] = row[j]! * root[i]! * root[j]!;
  }
  const { values, vectors } = eigh(w, models, { vectors: true, deterministic });
  const all = byMagnitude(values);
  const tails = new Float64Array(models);
  for (let k = models - 1; k > 0; k--) tails[k - 1] = tails[k]! + values[all[k]!]! * values[all[k]!]!;
  const residualNorms = new Float64Array(dimensions);
  const report = { converged: true, reason: 'dense' as const, residualNorms, matvecs: 0, kernels: undefined };
  return { ...inOrder(all.slice(0, dimensions), values, vectors!), tails, report };
}

async function lanczosPairs(
  { distances, dimensions, weights, root }: Problem,
  { tol = 1e-9, seed = 0, deterministic = false, signal, onProgress }: InpcaOptions,
): Promise<Pairs> {
  const found = await eigsh(centredOperator(distances, root, weights, { deterministic }), {
    k: dimensions,
    which: 'LM',
    tol,
    seed,
    basisSize: Math.max(BASIS, 4 * dimensions),
    deterministic,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress: ({ done, of }) => onProgress({ done, of }) }),
  });
  if (found.reason === 'aborted') throw new AbortError('inpca', signal);
  const order = byMagnitude(found.values);
  const { converged, reason, matvecs, kernels } = found;
  const residualNorms = Float64Array.from(order, (k) => found.residualNorms[k]!);
  const report = { converged, reason, residualNorms, matvecs, kernels };
  return { ...inOrder(order, found.values, found.vectors), tails: undefined, report };
}

/** The pairs that `order` names, vectors as rows. */
function inOrder(
  order: readonly number[],
  values: Float64Array,
  vectors: FloatArray,
): Pick<Pairs, 'eigenvalues' | 'vectors'> {
  const n = vectors.length / values.length;
  const chosen = new Float64Array(order.length * n);
  order.forEach((from, k) => chosen.set(vectors.subarray(from * n, (from + 1) * n), k * n));
  return { eigenvalues: Float64Array.from(order, (k) => values[k]!), vectors: chosen };
}

/** indices by decreasing magnitude; ties keep their order */
function byMagnitude(values: Float64Array): number[] {
  return Array.from(values, (_, k) => k).sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!));
}

function coordinatesOf({ eigenvalues, vectors }: Pairs, root: Float64Array, models: number): Float64Array {
  const dimensions = eigenvalues.length;
  const coordinates = new Float64Array(models * dimensions);
  for (let k = 0; k < dimensions; k++) {
    const scale = Math.sqrt(Math.abs(eigenvalues[k]!));
    let largest = 0;
    for (let i = 0; i < models; i++) {
      const v = vectors[k * models + i]!;
      const x = root[i] === 0 ? 0 : (scale * v) / root[i]!;
      if (Math.abs(x) > Math.abs(largest)) largest = x;
      coordinates[i * dimensions + k] = x;
    }
    if (largest < 0) for (let i = k; i < coordinates.length; i += dimensions) coordinates[i] = -coordinates[i]!;
  }
  return coordinates;
}

/** Models of weight 0 have no say in the axes, so they stand where they would stand out of sample; see embed. */
function placeWeightless(
  { distances, dimensions, weights, centre }: Problem,
  { eigenvalues, signs, coordinates }: Pick<InpcaMap, 'eigenvalues' | 'signs' | 'coordinates'>,
): void {
  const { models } = distances;
  const row = new Float64Array(models);
  const place = new Float64Array(dimensions);
  for (let i = 0; i < models; i++) {
    if (weights[i] !== 0) continue;
    centredRow(distances, centre, i, row);
    place.fill(0);
    for (let j = 0; j < models; j++) {
      const z = models * weights[j]! * row[j]!;
      for (let k = 0; k < dimensions; k++) place[k] = place[k]! + z * coordinates[j * dimensions + k]!;
    }
    for (let k = 0; k < dimensions; k++) {
      coordinates[i * dimensions + k] = signs[k] === 0 ? 0 : place[k]! / eigenvalues[k]!;
    }
  }
}

/** What the two measures of quality need to know of W beside its first eigenpairs. */
interface Moments {
  readonly norm: number;
  readonly trace: number;
  readonly diagonal: Float64Array;
}

/** Weighted with models ω, so that equal weights give ‖W‖ and tr W themselves. */
function momentsOf({ distances, weights, centre }: Problem): Moments {
  const { models } = distances;
  const row = new Float64Array(models);
  const diagonal = new Float64Array(models);
  let squares = 0;
  let trace = 0;
  for (let i = 0; i < models; i++) {
    centredRow(distances, centre, i, row);
    let sum = 0;
    for (let j = 0; j < models; j++) sum += weights[j]! * row[j]! * row[j]!;
    squares += weights[i]! * sum;
    diagonal[i] = row[i]!;
    trace += weights[i]! * row[i]!;
  }
  return { norm: models * Math.sqrt(squares), trace: models * trace, diagonal };
}

/**
 * Stress and distance error after each axis, without forming W_k or D_k:
 * ‖D − D_k‖² = 2 (tr R)² + 2 m Σ R_ii² + 4 ‖R‖² for the residual R = W − W_k, whose rows sum to 0.
 */
function explained(
  coordinates: Float64Array,
  { eigenvalues, tails }: Pairs,
  weights: Float64Array,
  { norm, trace, diagonal }: Moments,
): Pick<InpcaMap, 'explainedStress' | 'distanceError'> {
  const dimensions = eigenvalues.length;
  const models = weights.length;
  const rest = Float64Array.from(diagonal);
  const error = (traceLeft: number, squaresLeft: number): number => {
    const own = rest.reduce((sum, r, i) => sum + weights[i]! * r * r, 0);
    return 2 * traceLeft * traceLeft + 2 * models * models * own + 4 * squaresLeft;
  };
  const total = error(trace, norm * norm);
  const explainedStress = new Float64Array(dimensions);
  const distanceError = new Float64Array(dimensions);
  let squares = 0;
  let values = 0;
  for (let k = 0; k < dimensions; k++) {
    squares += eigenvalues[k]! * eigenvalues[k]!;
    values += eigenvalues[k]!;
    const sign = Math.sign(eigenvalues[k]!);
    for (let i = 0; i < models; i++) {
      const x = coordinates[i * dimensions + k]!;
      rest[i] = rest[i]! - sign * x * x;
    }
    // without the tail a difference, which loses digits where little is left
    const left = tails === undefined ? Math.max(0, norm * norm - squares) : tails[k]!;
    explainedStress[k] = norm === 0 ? 1 : 1 - Math.sqrt(left) / norm;
    distanceError[k] = total === 0 ? 0 : Math.sqrt(error(trace - values, left) / total);
  }
  return { explainedStress, distanceError };
}
