import type { ElementType, PrimitiveName, PrimitiveParams, Spec } from '../program.js';
import { range, sameShape, sizeOf } from '../specs.js';
import { type Tensor, madeBy, uniformValue } from '../trace/tensor.js';

export type Apply = (op: PrimitiveName, inputs: readonly Tensor[], params?: PrimitiveParams) => Tensor;
type FoldRule = (
  inputs: readonly Tensor[],
  params: PrimitiveParams,
  out: Spec,
  apply: Apply,
) => Tensor | number | undefined;

/**
 * A tensor that equals `op(inputs)` and costs less, or undefined. A rule returns an existing tensor, a new one made with
 * `apply`, or the number that every element has. No rule changes a value: x·0 stays (0·NaN is NaN).
 */
export function fold(
  op: PrimitiveName,
  inputs: readonly Tensor[],
  params: PrimitiveParams,
  out: Spec,
  apply: Apply,
): Tensor | undefined {
  const folded = rules[op]?.(inputs, params, out, apply);
  if (typeof folded !== 'number') return folded;
  const value = roundTo(out.dtype, folded);
  return storable(value) ? apply('full', [], { value, shape: out.shape, dtype: out.dtype }) : undefined;
}

/** Whether JSON keeps the number: not for NaN, ±∞ and −0, which therefore travel as constants. */
export function storable(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

export function roundTo(dtype: ElementType, value: number): number {
  if (dtype === 'float64') return value;
  return dtype === 'float32' ? Math.fround(value) : Math.trunc(value);
}

const rules: Partial<Record<PrimitiveName, FoldRule>> = {
  neg: ([x]) => madeBy(x, 'neg')?.inputs[0] ?? negated(uniformValue(x)),
  add: ([x, y]) => {
    const [a, b] = [uniformValue(x), uniformValue(y)];
    if (a === 0) return y;
    if (b === 0) return x;
    return a !== undefined && b !== undefined ? a + b : undefined;
  },
  sub: ([x, y], _, __, apply) => {
    const [a, b] = [uniformValue(x), uniformValue(y)];
    if (b === 0) return x;
    if (a === 0) return apply('neg', [y]);
    return a !== undefined && b !== undefined ? a - b : undefined;
  },
  mul: ([x, y], _, __, apply) => {
    const [a, b] = [uniformValue(x), uniformValue(y)];
    if (a !== undefined && b !== undefined) return a * b;
    if (x === y) return apply('square', [x]);
    if (a === 1) return y;
    if (b === 1) return x;
    if (a === -1) return apply('neg', [y]);
    return b === -1 ? apply('neg', [x]) : undefined;
  },
  div: ([x, y]) => {
    const [a, b] = [uniformValue(x), uniformValue(y)];
    if (b === 1) return x;
    return a !== undefined && b !== undefined ? a / b : undefined;
  },
  select: ([condition, x, y]) => {
    const c = uniformValue(condition);
    if (x === y) return x;
    if (c === undefined) return undefined;
    return c === 0 ? y : x;
  },
  broadcast: ([x], { axes, shape }, out, apply) => {
    if (sameShape(x.shape, out.shape)) return x;
    const inner = madeBy(x, 'broadcast');
    if (inner === undefined) return uniformValue(x);
    return apply('broadcast', [inner.inputs[0]], {
      axes: inner.params.axes!.map((axis) => axes![axis]),
      shape: shape!,
    });
  },
  reshape: ([x], { shape }, out, apply) => {
    if (sameShape(x.shape, out.shape)) return x;
    const inner = madeBy(x, 'reshape');
    return inner === undefined ? uniformValue(x) : apply('reshape', [inner.inputs[0]], { shape: shape! });
  },
  transpose: ([x], { permutation }, _, apply) => {
    if (sameShape(permutation!, range(permutation!.length))) return x;
    const inner = madeBy(x, 'transpose');
    if (inner === undefined) return uniformValue(x);
    return apply('transpose', [inner.inputs[0]], {
      permutation: permutation!.map((axis) => inner.params.permutation![axis]),
    });
  },
  slice: ([x], _, out) => (sameShape(x.shape, out.shape) ? x : uniformValue(x)),
  pad: ([x], _, out) => (sameShape(x.shape, out.shape) || uniformValue(x) === 0 ? (uniformValue(x) ?? x) : undefined),
  concatenate: (inputs) => {
    if (inputs.length === 1) return inputs[0];
    const value = uniformValue(inputs[0]);
    return inputs.every((x) => uniformValue(x) === value) ? value : undefined;
  },
  reduceSum: ([x], { axes }, out, apply) => {
    if (axes!.every((axis) => x.shape[axis] === 1)) return apply('reshape', [x], { shape: out.shape });
    const value = uniformValue(x);
    if (value !== undefined) return value * (sizeOf(x.shape) / Math.max(1, sizeOf(out.shape)));
    return sumOfBroadcast(x, axes!, out, apply);
  },
  reduceMax: ([x], { axes }, out, apply) =>
    axes!.every((axis) => x.shape[axis] === 1) ? apply('reshape', [x], { shape: out.shape }) : uniformValue(x),
  matmul: ([a, b], params, _, apply) => {
    const [x, y] = [swappedInput(a), swappedInput(b)];
    if (x === undefined && y === undefined) return undefined;
    const flag = (flips: boolean, old: 0 | 1 | undefined): 0 | 1 => (flips === (old === 1) ? 0 : 1);
    return apply('matmul', [x ?? a, y ?? b], {
      transA: flag(x !== undefined, params.transA),
      transB: flag(y !== undefined, params.transB),
    });
  },
  convert: ([x], _, out) => {
    if (x.dtype === out.dtype) return x;
    const source = madeBy(x, 'convert')?.inputs[0];
    const exact = source?.dtype === out.dtype && x.dtype === 'float64';
    return exact ? source : uniformValue(x);
  },
  stopGradient: ([x]) => {
    const constantOrStopped = x.origin.kind === 'constant' || madeBy(x, 'stopGradient') !== undefined;
    return constantOrStopped ? x : uniformValue(x);
  },
};

function negated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

/** Summing n equal numbers is one product: rounds once instead of n − 1 times. */
function sumOfBroadcast(x: Tensor, axes: readonly number[], out: Spec, apply: Apply): Tensor | undefined {
  const inner = madeBy(x, 'broadcast');
  if (inner === undefined || axes.some((axis) => inner.params.axes!.includes(axis))) return undefined;
  const kept = range(x.shape.length).filter((axis) => !axes.includes(axis));
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  const value = apply('full', [], { value: count, shape: inner.inputs[0].shape, dtype: out.dtype });
  const places = inner.params.axes!.map((axis) => kept.indexOf(axis));
  return apply('broadcast', [apply('mul', [inner.inputs[0], value])], { axes: places, shape: out.shape });
}

/** y if x is y with its last two axes swapped: a matrix product reads either layout. */
function swappedInput(x: Tensor): Tensor | undefined {
  const inner = madeBy(x, 'transpose');
  if (inner === undefined) return undefined;
  const rank = x.shape.length;
  const swap = [...range(rank - 2), rank - 1, rank - 2];
  return sameShape(inner.params.permutation!, swap) ? inner.inputs[0] : undefined;
}
