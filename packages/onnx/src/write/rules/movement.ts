import type { PrimitiveName } from '@hyperribbon/autodiff';
import { refuse } from '@hyperribbon/contract';
import { type Draft, caller } from '../draft.js';
import { type Held, ownOrder, spread, withAxes } from '../held.js';
import type { Site, WriteRule } from '../rule.js';

/** What moves numbers and changes none. Transposes and broadcasts make no node. */
export const movementRules: Partial<Record<PrimitiveName, WriteRule>> = {
  full: ({ draft, params: { value }, out }) => ({
    ...out,
    name: draft.constant({ type: out.dtype, shape: [], data: [value!] }),
    axes: [],
    type: out.dtype,
  }),
  broadcast: ({ inputs: [x], params, out }) => ({
    ...x,
    axes: x.axes.map((axis) => params.axes![axis]),
    shape: out.shape,
  }),
  transpose: ({ inputs: [x], params, out }) => ({
    ...x,
    axes: x.axes.map((axis) => params.permutation!.indexOf(axis)),
    shape: out.shape,
  }),
  reshape: ({ draft, inputs: [x], out }) => reshaped(draft, x, out.shape),
  slice: ({ draft, inputs: [x], params, out }) => {
    const { start, limit } = params as { start: readonly number[]; limit: readonly number[] };
    const cut = x.axes.filter((axis) => start[axis] !== 0 || limit[axis] !== x.shape[axis]);
    if (cut.length === 0) return { ...x, shape: out.shape };
    if (cut.some((axis) => x.shape[axis] % draft.batch === 0))
      refuse(caller, 'a slice takes some of the examples: the network does not do the same for batches of any size');
    const name = draft.node('Slice', [
      x.name,
      draft.integers(cut.map((axis) => start[axis])),
      draft.integers(cut.map((axis) => limit[axis])),
      draft.integers(cut.map((axis) => x.axes.indexOf(axis))),
    ]);
    return { ...x, name, shape: out.shape };
  },
  pad: ({ draft, inputs: [x], params, out }) => {
    const { low, high } = params as { low: readonly number[]; high: readonly number[] };
    const padded = ownOrder(x).filter((axis) => low[axis] + high[axis] > 0);
    const held = withAxes(draft, x, padded);
    const pads = [...held.axes.map((axis) => low[axis]), ...held.axes.map((axis) => high[axis])];
    return { ...held, name: draft.node('Pad', [held.name, draft.integers(pads)]), shape: out.shape };
  },
  concatenate: ({ draft, inputs, params, out }) => {
    const order = inputs.map(({ axes }) => axes).find((axes) => axes.length === out.shape.length) ?? ownOrder(out);
    const names = inputs.map((held) => spread(draft, held, order).name);
    const name = draft.node('Concat', names, { axis: order.indexOf(params.axis!) });
    return { ...out, name, axes: order, type: inputs[0].type };
  },
  convert: ({ draft, inputs: [x], out: { dtype } }) => {
    const same = x.type === dtype || (dtype === 'int32' && x.type === 'int64');
    return same ? { ...x, dtype } : { ...x, name: draft.cast(x.name, dtype), dtype, type: dtype };
  },
  stopGradient: ({ inputs: [x] }: Site) => x,
};

/** A value in another shape; where only axes of length 1 come and go, the others keep their names. */
export function reshaped(draft: Draft, x: Held, shape: readonly number[]): Held {
  const [before, after] = [x.shape, shape].map((lengths) =>
    lengths.flatMap((length, axis) => (length === 1 ? [] : [axis])),
  );
  const same = before.length === after.length && before.every((axis, i) => x.shape[axis] === shape[after[i]]);
  if (!same) {
    const whole = spread(draft, x, ownOrder(x));
    return { ...x, name: draft.node('Reshape', [whole.name, draft.shapeOf(shape)]), axes: ownOrder({ shape }), shape };
  }
  const single = x.axes.flatMap((axis, i) => (before.includes(axis) ? [] : [i]));
  return {
    ...x,
    name: single.length === 0 ? x.name : draft.node('Squeeze', [x.name, draft.integers(single)]),
    axes: x.axes.filter((axis) => before.includes(axis)).map((axis) => after[before.indexOf(axis)]),
    shape,
  };
}
