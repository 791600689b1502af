import type { PrimitiveName } from '@hyperribbon/autodiff';
import type { Draft } from '../draft.js';
import { type Held, ownOrder, spread, withAxes } from '../held.js';
import type { WriteRule } from '../rule.js';

/** Entries by their positions. */
export const indexingRules: Partial<Record<PrimitiveName, WriteRule>> = {
  gatherFlat: ({ draft, inputs: [x, index], out }) => {
    const whole = spread(draft, x, ownOrder(x));
    const flat = x.shape.length === 1 ? whole.name : draft.node('Reshape', [whole.name, draft.integers([-1])]);
    return { ...index, ...out, name: draft.node('Gather', [flat, index.name], { axis: 0 }), type: x.type };
  },
  gatherRows: ({ draft, inputs: [x, index], out }) => {
    const [whole, column] = [spread(draft, x, [0, 1]), asColumn(draft, index)];
    const picked = draft.node('GatherElements', [whole.name, column], { axis: 1 });
    return { ...out, name: draft.node('Squeeze', [picked, draft.integers([1])]), axes: [0], type: x.type };
  },
  scatterRows: ({ draft, inputs: [x, index], params, out }) => {
    const depth = draft.constant({ type: 'int64', shape: [], data: [params.columns!] });
    const values = draft.constant({ type: out.dtype, shape: [2], data: [0, 1] });
    const units = draft.node('OneHot', [withAxes(draft, index, [0]).name, depth, values]);
    return { ...out, name: draft.node('Mul', [units, asColumn(draft, x)]), axes: [0, 1], type: out.dtype };
  },
};

function asColumn(draft: Draft, x: Held): string {
  return draft.node('Unsqueeze', [withAxes(draft, x, [0]).name, draft.integers([1])]);
}

/** Slices of a tensor along an axis by their positions, as an embedding takes them. */
export function gather(draft: Draft, x: Held, index: Held, axis: number): Held {
  const whole = spread(draft, x, ownOrder(x));
  const rank = index.shape.length;
  return {
    ...x,
    name: draft.node('Gather', [whole.name, index.name], { axis }),
    shape: x.shape.toSpliced(axis, 1, ...index.shape),
    axes: ownOrder(x).flatMap((own) => {
      if (own === axis) return index.axes.map((at) => axis + at);
      return [own < axis ? own : own + rank - 1];
    }),
  };
}
