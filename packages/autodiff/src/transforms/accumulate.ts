import { add, full } from '../primitives/emit.js';
import { apply } from '../trace/apply.js';
import { type Tensor, madeBy } from '../trace/tensor.js';

/**
 * Sum of the cotangents that one value received. When it was cut into disjoint slices (a flat parameter vector), its
 * cotangent is their concatenation: one pass over the memory instead of one addition of a padded array per slice.
 */
export function accumulate(terms: readonly Tensor[]): Tensor | undefined {
  if (terms.length < 2) return terms[0];
  const joined = joinPieces(terms);
  if (joined !== undefined) return joined;
  return terms.slice(1).reduce(add, terms[0]);
}

interface Piece {
  readonly x: Tensor;
  readonly start: number;
  readonly end: number;
}

function joinPieces(terms: readonly Tensor[]): Tensor | undefined {
  const axis = paddedAxis(terms[0]);
  if (axis === undefined || terms.some((x) => paddedAxis(x) !== axis)) return undefined;
  const pieces = terms
    .map((term): Piece => {
      const { inputs, params } = madeBy(term, 'pad')!;
      return { x: inputs[0], start: params.low![axis], end: params.low![axis] + inputs[0].shape[axis] };
    })
    .sort((a, b) => a.start - b.start);
  if (pieces.some(({ start }, i) => i > 0 && start < pieces[i - 1].end)) return undefined;
  const { shape, dtype } = terms[0];
  const gap = (length: number): Tensor[] =>
    length === 0 ? [] : [full(0, { shape: shape.map((n, i) => (i === axis ? length : n)), dtype })];
  const parts = pieces.flatMap(({ x, start }, i) => [...gap(start - (i === 0 ? 0 : pieces[i - 1].end)), x]);
  return apply('concatenate', [...parts, ...gap(shape[axis] - pieces[pieces.length - 1].end)], { axis });
}

/** The one axis along which x is a padded array, if it is one. */
function paddedAxis(x: Tensor): number | undefined {
  const pad = madeBy(x, 'pad');
  if (pad === undefined) return undefined;
  const { low, high } = pad.params;
  const axes = x.shape.flatMap((_, axis) => (low![axis] > 0 || high![axis] > 0 ? [axis] : []));
  return axes.length === 1 ? axes[0] : undefined;
}
