import type { PrimitiveName, PrimitiveParams } from '../../program.js';
import { sizeOf } from '../../specs.js';
import type { Emitter } from './emitter.js';
import { type IndexCheck, requireIndices } from './indexCheck.js';
import type { KernelName, Place } from '../instruction.js';
import { lowerWindow } from './lowerWindow.js';
import { materialize } from './materialize.js';
import type { Node } from './node.js';
import type { Target } from './target.js';

/** What is known of int32 buffers. */
export interface Indices {
  readonly checks: IndexCheck[];
  /** buffers made by argmaxPool → their values are below this */
  readonly trusted: Map<number, number>;
}

/** Primitives that fold nothing into themselves: one kernel on stored operands. Returns where its result is. */
export function lowerCall(
  e: Emitter,
  { checks, trusted }: Indices,
  op: PrimitiveName,
  [x, y]: readonly Node[],
  params: PrimitiveParams,
  target: Target,
): Place {
  const { dtype } = x!;
  const size = sizeOf(x!.shape);
  if (params.window !== undefined) {
    const out = lowerWindow(e, op, y === undefined ? [x!] : [x!, y], params.window, target);
    if (op === 'argmaxPool') trusted.set(out.buffer, size);
    return out;
  }
  const index = (limit: number): Place => {
    const place = materialize(e, y!);
    requireIndices(e, checks, op, place, limit, trusted);
    return place;
  };
  const place = materialize(e, x!);
  const fresh = (): Place => e.temporary(sizeOf(target.shape), target.dtype);
  const rows = (kernel: KernelName, m: number, n: number, ...from: Place[]): Place => {
    const out = fresh();
    e.rows(kernel, dtype, [m, n, place, ...from, out]);
    return out;
  };
  const call = (kernel: KernelName, n: number, ...from: Place[]): Place => {
    const out = fresh();
    e.call(kernel, dtype, [n, place, ...from, out]);
    return out;
  };
  switch (op) {
    case 'logSumExp':
    case 'softmax':
      return rows(`${op}Rows`, sizeOf(x!.shape.slice(0, -1)), x!.shape.at(-1)!);
    case 'argsort':
      return rows('argsortRows', size / Math.max(1, x!.shape.at(-1)!), x!.shape.at(-1)!);
    case 'gatherRows':
      return rows(op, x!.shape[0]!, x!.shape[1]!, index(x!.shape[1]!));
    case 'scatterRows':
      return rows(op, x!.shape[0]!, params.columns!, index(params.columns!));
    case 'gatherFlat':
      return call('gather', sizeOf(y!.shape), index(size));
    case 'scatterFlat': {
      const to = index(sizeOf(target.shape));
      const out = fresh();
      e.flat('fill', dtype, [sizeOf(target.shape), 0, out]);
      e.call('scatterAdd', dtype, [size, place, to, out], { accumulates: true, flops: size });
      return out;
    }
    case 'convert':
      return call(`convert.${target.dtype}`, size);
    default:
      throw new TypeError(`plan: unknown primitive ${op}`);
  }
}
