import type { PrimitiveName } from '@hyperribbon/autodiff';
import { type Held, withAxes } from '../held.js';
import type { WriteRule } from '../rule.js';

/** Sums, maxima, and what is taken along the last axis. */
export const reductionRules: Partial<Record<PrimitiveName, WriteRule>> = {
  reduceSum: ({ draft, inputs: [x], params, out }) => {
    const held = withAxes(draft, x, params.axes!);
    const places = draft.integers(placesOf(held, params.axes!));
    return without(held, params.axes!, out.shape, draft.node('ReduceSum', [held.name, places], { keepdims: 0 }));
  },
  reduceMax: ({ draft, inputs: [x], params, out }) => {
    // what is the same along an axis is its own maximum there
    const there = params.axes!.filter((axis) => x.axes.includes(axis));
    if (there.length === 0) return without(x, params.axes!, out.shape, x.name);
    const name = draft.node('ReduceMax', [x.name], { axes: placesOf(x, there), keepdims: 0 });
    return without(x, params.axes!, out.shape, name);
  },
  logSumExp: ({ draft, inputs: [x], out }) => {
    const last = x.shape.length - 1;
    const held = withAxes(draft, x, [last]);
    const name = draft.node('ReduceLogSumExp', [held.name], { axes: placesOf(held, [last]), keepdims: 0 });
    return without(held, [last], out.shape, name);
  },
  softmax: ({ draft, inputs: [x] }) => {
    const last = x.shape.length - 1;
    const held = withAxes(draft, x, [last]);
    return { ...held, name: draft.node('Softmax', [held.name], { axis: held.axes.indexOf(last) }) };
  },
};

function placesOf({ axes }: Held, some: readonly number[]): number[] {
  return some.map((axis) => axes.indexOf(axis)).sort((a, b) => a - b);
}

/** What is left when some axes are gone: those behind them move up. */
function without(held: Held, gone: readonly number[], shape: readonly number[], name: string): Held {
  const kept = held.axes.filter((axis) => !gone.includes(axis));
  return { ...held, name, shape, axes: kept.map((axis) => axis - gone.filter((other) => other < axis).length) };
}
