import { floatArray, refuse, requireOneOf, requirePositive, throwIfAborted } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { BlockOptions, DivergenceOptions, Divergences } from './divergenceOptions.js';
import { pairsOf, ROW_MULTIPLE, type RowRange } from './divergenceRows.js';
import { type DivergenceKind, measureOf, type Measure, type Part } from './measure.js';
import { requireModels, requirePredictions, type Models, type Predictions } from '../models.js';
import { pairSums, type PairOptions, type PairSums } from './pairSums.js';
import { countRareEvents } from './rareEvents.js';

/** Some rows of a symmetric matrix of divergences: plain data that a worker can send. */
export interface DivergenceBlock extends Divergences, RowRange {
  /** (to − from, models − from): entry (i, j) is the divergence of models from + i and from + j */
  readonly values: FloatArray;
}

/**
 * Rows [from, to) of the divergences between all models of a set, columns from `from` on: one share of the work, for a worker.
 *
 * Put together by assembleDivergences, with the same bits however the rows were cut.
 * @param rows from and to: multiples of 8, or to = models; see divergenceRows
 * @throws as bhattacharyyaDivergences
 * Cost: (to − from)(models − from) · samples · classes multiply-adds; 16 (to − from)(models − from) bytes.
 * @example
 * const parts = divergenceRows(models.models, 2).map((rows) => divergenceBlock(models, rows)); // each in a worker of its own
 * const divergences = assembleDivergences(parts);
 */
export function divergenceBlock(
  set: Models | Predictions,
  { from, to }: RowRange,
  options: BlockOptions = {},
): DivergenceBlock {
  const caller = 'divergenceBlock';
  const { models, samples } = set;
  if (
    !(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= models) ||
    from % ROW_MULTIPLE > 0 ||
    (to % ROW_MULTIPLE > 0 && to < models)
  ) {
    refuse(
      caller,
      `rows must be [from, to) within [0, ${models}], at multiples of ${ROW_MULTIPLE} or the end, got [${from}, ${to}]; use divergenceRows`,
    );
  }
  // the rows before are no part of this block, and are checked by theirs
  const { kind, cap, measure, part } = prepare(caller, set, options, from);
  const settings = settingsOf(caller, part, options, pairsOf({ from, to }, models));
  const sums = pairSums(measure, { ...part, from, to }, { ...part, from, to: models }, true, settings);
  const width = models - from;
  const values = floatArray(options.storage ?? 'float64', (to - from) * width);
  finish(measure, sums, to - from, width, samples, values, true);
  const capped = measure.kernel === 'jeffreys' ? countRareEvents(part, from, to, cap) : sums.raised;
  return { kind, models, samples, from, to, values, capped, kernels: sums.kernels };
}

/** Checks a set once and says how its divergence is computed. */
export function prepare(
  caller: string,
  set: Models | Predictions,
  { kind = 'bhattacharyya', cap = 100, sigma = 1, sumTol }: BlockOptions,
  from: number = 0,
): { readonly measure: Measure; readonly part: Part; readonly kind: DivergenceKind; readonly cap: number } {
  requireOneOf(caller, 'kind', kind, ['bhattacharyya', 'symmetrizedKl', 'greatCircle', 'gaussian']);
  if (!(cap > 0 && cap <= 100)) refuse(caller, `cap must be in (0, 100], got ${cap}`);
  requirePositive(caller, 'sigma', sigma);
  const gaussian = kind === 'gaussian';
  if (gaussian !== 'predictions' in set) {
    const wanted = gaussian ? 'predictions, models, samples, outputs' : 'probabilities, models, samples, classes';
    refuse(caller, `kind ${kind} takes { ${wanted} }, got { ${Object.keys(set).join(', ')} }`);
  }
  if ('predictions' in set) requirePredictions(caller, set);
  else requireModels(caller, set, sumTol, from);
  const values = 'predictions' in set ? set.predictions : set.probabilities;
  const classes = 'predictions' in set ? set.outputs : set.classes;
  return {
    kind,
    cap,
    measure: measureOf(kind, classes, cap, sigma),
    part: { values, samples: set.samples, classes, from: 0, to: set.models },
  };
}

/** Defaults of what pairSums must know; progress counts `pairs` times samples. */
export function settingsOf(
  caller: string,
  { values, samples }: Part,
  { precision, deterministic = false, engine, signal, onProgress }: DivergenceOptions,
  pairs: number,
): PairOptions {
  return {
    dtype: precision ?? (values.BYTES_PER_ELEMENT === 4 ? 'float32' : 'float64'),
    deterministic,
    engine,
    onSamples: (done) => {
      throwIfAborted(caller, signal);
      onProgress?.({ done: pairs * done, of: pairs * samples });
    },
  };
}

/** values (rows, width) ← divergences; the triangle's lower part is mirrored, its diagonal zero. */
export function finish(
  { normalized, factor }: Measure,
  { sums, ld, rowSelf, columnSelf }: PairSums,
  rows: number,
  width: number,
  samples: number,
  values: FloatArray,
  triangle: boolean,
): void {
  const scale = factor / samples;
  for (let i = 0; i < rows; i++) {
    const start = triangle ? i + 1 : 0;
    const own = normalized ? rowSelf[i]! : 0;
    for (let j = start; j < width; j++) {
      const sum = sums[i * ld + j]! - (normalized ? 0.5 * (own + columnSelf[j]!) : 0);
      // rounding of nearly equal models must not make a divergence negative; NaN stays
      const value = scale * sum;
      values[i * width + j] = value <= 0 ? 0 : value;
    }
    if (triangle) for (let j = i + 1; j < rows; j++) values[j * width + i] = values[i * width + j]!;
  }
}
