import { sizeOf } from '../../specs.js';
import type { Emitter } from './emitter.js';
import { elementBytes, type Place } from '../instruction.js';
import { scaleNode } from './lowerScale.js';
import { materialize } from './materialize.js';
import type { Node } from './node.js';
import { nodeFor, passing, type Target } from './target.js';

/** Sum or maximum over axes: one kernel call per run of adjacent reduced axes, the last first. */
export function lowerReduction(
  e: Emitter,
  op: 'reduceSum' | 'reduceMax',
  x: Node,
  axes: readonly number[],
  target: Target,
): Node {
  const { form, dtype } = x;
  if (op === 'reduceSum' && form.kind === 'scaled' && form.alpha === -1) {
    const sum = lowerReduction(e, op, form.source, axes, { ...passing(target.shape, dtype), exclusive: false });
    return scaleNode(sum, -1, target);
  }
  const runs = reducedRuns(x.shape, axes);
  if (op === 'reduceSum' && form.kind === 'product' && runs.length === 1 && runs[0]!.inner === 1) {
    const { outer, length } = runs[0]!;
    const places = [materialize(e, form.x), materialize(e, form.y)];
    const out = e.temporary(outer, dtype);
    e.rows('dotRows', dtype, [outer, length, ...places, out]);
    return nodeFor(target, { kind: 'stored', place: out });
  }
  let place = materialize(e, x);
  if (runs.length === 0) place = e.fresh('copy', dtype, sizeOf(target.shape), place);
  for (const run of runs) place = reduceRun(e, op, dtype, place, run);
  return nodeFor(target, { kind: 'stored', place });
}

interface Run {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** The reduced axes as runs (outer, length, inner), last run first; each sees the array as the runs before it left it. */
function reducedRuns(shape: readonly number[], axes: readonly number[]): Run[] {
  const runs: Run[] = [];
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0; ) {
    let length = 1;
    const first = axis;
    while (axis >= 0 && axes.includes(axis)) length *= shape[axis--]!;
    if (axis < first) {
      if (length !== 1) runs.push({ outer: sizeOf(shape.slice(0, axis + 1)), length, inner });
    } else inner *= shape[axis--]!;
  }
  return runs;
}

function reduceRun(e: Emitter, op: 'reduceSum' | 'reduceMax', dtype: Node['dtype'], x: Place, run: Run): Place {
  const { outer, length, inner } = run;
  const out = e.temporary(outer * inner, dtype);
  if (inner === 1) {
    e.rows(op === 'reduceSum' ? 'sumRows' : 'maxRows', dtype, [outer, length, x, out]);
    return out;
  }
  const bytes = elementBytes(dtype);
  const more = { flops: outer * length * inner };
  const strides = [0, 0, length * inner * bytes, inner * bytes];
  const repeat = outer === 1 ? {} : { repeat: { count: outer, strides } };
  e.call(op === 'reduceSum' ? 'sumColumns' : 'maxColumns', dtype, [length, inner, x, out], { ...more, ...repeat });
  return out;
}
