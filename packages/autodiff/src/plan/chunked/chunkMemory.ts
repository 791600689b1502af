import type { Spec } from '../../program.js';
import { sizeOf } from '../../specs.js';
import { aligned } from '../memory/bestFit.js';
import { elementBytes } from '../instruction.js';
import type { LinearizedParts } from './linearizedParts.js';

/** How the memory of a linearised plan is divided. */
export interface ChunkMemory {
  /** chunks, from the first on, that keep data and residuals */
  readonly resident: number;
  /** all of it */
  readonly bytes: number;
  /** what the other chunks pass through; 0 if there are none */
  readonly transientBytes: number;
  /** one arena for all programs */
  readonly arenaBytes: number;
  /** by program: data and residuals of one chunk */
  readonly chunkBytes: readonly number[];
}

/** Lets as many chunks stay as there is room for; `resident` is −1 if there is no room for one at a time. */
export function divideMemory(
  parts: readonly LinearizedParts[],
  chunks: readonly number[],
  shared: readonly boolean[],
  room: number,
): ChunkMemory {
  const [first] = parts as readonly [LinearizedParts];
  const chunkBytes = parts.map(({ primal, stored }) =>
    bytesOf([...primal.inputs.filter((_, i) => !shared[i]), ...stored]),
  );
  const plans = parts.flatMap(({ primal, recompute, tangent }) => [primal, recompute, tangent]);
  const arenaBytes = Math.max(...plans.map(({ layout }) => layout.total));
  const common = first.primal.inputs.filter((_, i) => shared[i]);
  const constants = new Set(plans.flatMap((plan) => plan.constants));
  const fixed =
    arenaBytes +
    bytesOf([...common, ...first.sums, ...first.tangents, ...first.tangent.outputs]) +
    [...constants].reduce((sum, data) => sum + aligned(data.byteLength), 0);
  const everything = chunks.reduce((sum, p) => sum + chunkBytes[p]!, fixed);
  if (everything <= room)
    return { resident: chunks.length, bytes: everything, transientBytes: 0, arenaBytes, chunkBytes };
  const transientBytes = Math.max(...chunkBytes);
  let bytes = fixed + transientBytes;
  if (bytes > room) return { resident: -1, bytes, transientBytes, arenaBytes, chunkBytes };
  let resident = 0;
  while (bytes + chunkBytes[chunks[resident]!]! <= room) bytes += chunkBytes[chunks[resident++]!]!;
  return { resident, bytes, transientBytes, arenaBytes, chunkBytes };
}

/** Bytes that values take in a workspace. */
export function bytesOf(specs: readonly Spec[]): number {
  return specs.reduce((sum, { shape, dtype }) => sum + aligned(sizeOf(shape) * elementBytes(dtype)), 0);
}
