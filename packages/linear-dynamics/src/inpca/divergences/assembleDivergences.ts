import { floatArray, refuse, requireOneOf } from '@hyperribbon/contract';
import type { DivergenceBlock } from './divergenceBlock.js';
import type { DivergenceOptions, Divergences } from './divergenceOptions.js';

/** side of the squares in which a block is mirrored: both sides of the diagonal stay in cache */
const SQUARE = 64;

/** A matrix of divergences in the making; its storage is float64 by default. */
export interface DivergenceAssembly {
  /** Takes a block in; it need not be kept. @throws ArgumentError unless it belongs to the set of the first one */
  add(block: DivergenceBlock): void;
  /** @throws ArgumentError unless every row was added once */
  finish(): Divergences;
}

/**
 * Puts blocks of rows together as they arrive, in any order: for sets whose blocks should not be kept all at once.
 *
 * @param options.storage of the result; default float64
 * @example
 * const assembly = divergenceAssembly({ storage: 'float32' });
 * for await (const block of blocksFromWorkers) assembly.add(block);
 * const divergences = assembly.finish();
 */
export function divergenceAssembly({
  storage = 'float64',
}: Pick<DivergenceOptions, 'storage'> = {}): DivergenceAssembly {
  requireOneOf('assembleDivergences', 'storage', storage, ['float64', 'float32']);
  let first: Omit<DivergenceBlock, 'values'> | undefined;
  let values: Divergences['values'] = new Float64Array(0);
  let capped = 0;
  const seen: (readonly [number, number])[] = [];
  return {
    add(block) {
      const { models, from, to, values: own, ...rest } = block;
      if (first === undefined) {
        first = { ...rest, models, from, to };
        values = floatArray(storage, models * models);
      }
      if (block.kind !== first.kind || models !== first.models || block.samples !== first.samples) {
        refuse(
          'assembleDivergences',
          `blocks must be of one set, got ${block.kind} of ${models} × ${block.samples} beside ${first.kind} of ${first.models} × ${first.samples}`,
        );
      }
      place(own, models, from, to, values);
      capped += block.capped;
      seen.push([from, to]);
    },
    finish() {
      if (first === undefined) refuse('assembleDivergences', 'blocks must not be empty');
      seen.sort((a, b) => a[0] - b[0]);
      const end = seen.reduce((at, [from, to]) => (from === at ? to : NaN), 0);
      if (end !== first.models) {
        refuse('assembleDivergences', `blocks must cover rows [0, ${first.models}) once, got ${JSON.stringify(seen)}`);
      }
      const { kind, models, samples, kernels } = first;
      return { kind, values, models, samples, capped, kernels };
    },
  };
}

/**
 * Puts blocks of rows together to the whole symmetric matrix.
 *
 * @param blocks in any order, together all rows of one set; may be made while they are taken
 * @param options.storage of the result; default float64
 * @throws ArgumentError unless the blocks belong together and cover every row once
 * Cost: one pass over the result; 8 (float32: 4) models² bytes.
 * @example assembleDivergences(divergenceRows(4, 2).map((rows) => divergenceBlock(models, rows))).values.length // 16
 */
export function assembleDivergences(
  blocks: Iterable<DivergenceBlock>,
  options: Pick<DivergenceOptions, 'storage'> = {},
): Divergences {
  const assembly = divergenceAssembly(options);
  for (const block of blocks) assembly.add(block);
  return assembly.finish();
}

/** The block's rows, and beyond its square also their mirror image. */
function place(
  own: DivergenceBlock['values'],
  models: number,
  from: number,
  to: number,
  values: Divergences['values'],
): void {
  const width = models - from;
  for (let i = from; i < to; i++) {
    values.set(own.subarray((i - from) * width, (i - from + 1) * width), i * models + from);
  }
  for (let top = from; top < to; top += SQUARE) {
    const bottom = Math.min(top + SQUARE, to);
    for (let left = to; left < models; left += SQUARE) {
      const right = Math.min(left + SQUARE, models);
      for (let j = left; j < right; j++) {
        for (let i = top; i < bottom; i++) values[j * models + i] = own[(i - from) * width + (j - from)]!;
      }
    }
  }
}
