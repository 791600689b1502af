import { isBinary, isUnary } from '../primitives/names.js';
import type { Program } from '../program.js';

/**
 * Whether a value depends on the examples through another value only, and entry by entry: an activation between two layers.
 *
 * @param from value whose entries are the arguments
 * @param to value in question, of the same shape
 * @param examples number of the examples among the program's inputs
 */
export function isEntrywise(
  program: Program,
  { from, to, examples }: { readonly from: number; readonly to: number; readonly examples: number },
): boolean {
  // true: entry by entry from `from`; false: from the examples in another way; missing: known without them
  const moving = new Map([
    [program.inputs[examples], false],
    [from, true],
  ]);
  for (const { op, inputs, output } of program.equations) {
    const kinds = inputs.flatMap((value) => moving.get(value) ?? []);
    if (output === from || kinds.length === 0) continue;
    const alone = isUnary(op) || isBinary(op) || op === 'select';
    moving.set(output, alone && kinds.every((entrywise) => entrywise));
  }
  return moving.get(to) === true;
}
