import { type Progress, refuse } from '@hyperribbon/contract';
import type { KernelInfo } from '@hyperribbon/kernels';
import { finish, prepare, settingsOf } from './divergenceBlock.js';
import type { BlockOptions, Divergences } from './divergenceOptions.js';
import type { Models, Predictions } from '../models.js';
import { pairSums } from './pairSums.js';
import { countCrossRareEvents } from './rareEvents.js';

/** Divergences of new models from those of a set. */
export interface CrossDivergences extends Divergences {
  /** (others, models) row-major */
  readonly values: Float64Array;
  readonly others: number;
}

/** bytes of sums kept at a time */
const BLOCK_BYTES = 2 ** 27;

/**
 * Divergences of every model of one set from every model of another, on the same samples.
 *
 * @param set (models, samples, classes): the columns
 * @param others (others, samples, classes): the rows
 * @param options.kind default bhattacharyya; for `gaussian` both sets are {@link Predictions}
 * @returns (others, models); for a model of both sets the same bits as in the set's own matrix (deterministic flavour)
 * @throws as bhattacharyyaDivergences; ArgumentError when samples or classes differ
 * Cost: others · models · samples · classes multiply-adds; 8 others · models bytes and at most 128 MiB. [quinn2019; mao2024].
 * @example crossDivergences(models, models).values // the models' own matrix, here 4 × 4
 */
export function crossDivergences(
  set: Models | Predictions,
  others: Models | Predictions,
  options: BlockOptions = {},
): CrossDivergences {
  const caller = 'crossDivergences';
  const { kind, cap, measure, part: columns } = prepare(caller, set, options);
  const { part: rows } = prepare(caller, others, options);
  if (rows.samples !== columns.samples || rows.classes !== columns.classes) {
    refuse(
      caller,
      `both sets must have the same samples and classes, got ${columns.samples} × ${columns.classes} and ${rows.samples} × ${rows.classes}; evaluate both on one list of samples`,
    );
  }
  const { onProgress } = options;
  const [width, height, samples] = [columns.to, rows.to, columns.samples];
  const values = new Float64Array(height * width);
  const step = Math.max(8, Math.floor(BLOCK_BYTES / (8 * width) / 8) * 8);
  const wide = rows.values.BYTES_PER_ELEMENT === 8 || columns.values.BYTES_PER_ELEMENT === 8;
  const precision = options.precision ?? (wide ? 'float64' : 'float32');
  let capped = 0;
  let kernels: KernelInfo = { flavour: 'deterministic', engine: 'typescript' };
  for (let from = 0; from < height; from += step) {
    const to = Math.min(from + step, height);
    const own = {
      ...options,
      precision,
      onProgress: ({ done }: Progress) =>
        onProgress?.({ done: from * width * samples + done, of: height * width * samples }),
    };
    const settings = settingsOf(caller, columns, own, (to - from) * width);
    const sums = pairSums(measure, { ...rows, from, to }, columns, false, settings);
    finish(measure, sums, to - from, width, samples, values.subarray(from * width, to * width), false);
    capped += sums.raised;
    kernels = sums.kernels;
  }
  if (measure.kernel === 'jeffreys') capped = countCrossRareEvents(rows, columns, cap);
  return { kind, values, others: height, models: width, samples, capped, kernels };
}
