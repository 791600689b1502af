import { placeOf } from '../output/placeOf.js';
import { requireWritableFile } from '../output/writeFiles.js';
import { UsageError } from '../usageError.js';

/**
 * A file for a result that took long: one that is there is not replaced unless the person says so. Without a name it is the first of
 * `byDefault`, with -2, -3, … before its ending, that is free.
 *
 * @throws UsageError before any work
 */
export function outputFile(given: string | undefined, byDefault: string, force: boolean): string {
  if (given !== undefined || force) {
    const file = requireWritableFile(given ?? byDefault, '--out');
    if (!force && isThere(file))
      throw new UsageError(`--out: ${given} is there already. Name another file, or --force to replace it.`);
    return file;
  }
  let number = 1;
  while (isThere(withNumber(byDefault, number))) number++;
  return requireWritableFile(withNumber(byDefault, number), '--out');
}

function withNumber(name: string, number: number): string {
  return number === 1 ? name : name.replace(/(\.\w+)$/, `-${number}$1`);
}

/** Devices and streams may be written again and again. */
function isThere(file: string): boolean {
  const place = placeOf(file);
  return place.kind === 'file' && place.mode !== undefined;
}
