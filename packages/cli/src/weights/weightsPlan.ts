import { loraPairs } from '@hyperribbon/complexity/weights';
import type { Given } from '../options/option.js';
import { UsageError } from '../usageError.js';
import type { TensorFile } from './tensorFile.js';
import type { spectrumChoices } from './weightsOptions.js';

/** What is read of a file: its arrays, and pairs of them whose product a layer is given in addition. */
export interface WeightsPlan {
  readonly names: readonly string[];
  readonly pairs: ReturnType<typeof loraPairs>;
  /** arrays that the pattern left out */
  readonly left: number;
  /** the most that is in memory, about, in bytes */
  readonly memory: number;
  readonly largest: string | undefined;
}

/** copies in float64 that an analysis of one array makes of it at a time, in bytes for a byte of float32 */
const COPIES = 12;

/** @throws UsageError where the file is empty, or the pattern fits nothing of it */
export function weightsPlan(
  file: TensorFile,
  { layers }: Pick<Given<typeof spectrumChoices>, 'layers'>,
  path: string,
): WeightsPlan {
  if (file.names.length === 0) throw new UsageError(`weights: ${path} holds no array`);
  const names = layers === undefined ? file.names : file.names.filter((name) => layers.test(name));
  if (names.length === 0) {
    const some = file.names.slice(0, 20).join(', ');
    const more = file.names.length > 20 ? ` and ${file.names.length - 20} more` : '';
    throw new UsageError(`--layers: ${String(layers)} matches none of ${some}${more}`);
  }
  let largest: string | undefined;
  for (const name of names) if (largest === undefined || file.sizeOf(name) > file.sizeOf(largest)) largest = name;
  return {
    names,
    pairs: loraPairs(names),
    left: file.names.length - names.length,
    memory: file.held + COPIES * (largest === undefined ? 0 : file.sizeOf(largest)),
    largest,
  };
}
