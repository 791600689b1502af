import { ArgumentTypeError, refuse } from '@hyperribbon/contract';
import { binaryNames, unaryNames } from '@hyperribbon/kernels';
import type { PrimitiveName, PrimitiveParams, Spec, Window } from '../program.js';
import { checkShape, isFloat, range, sameShape, showShape, sizeOf } from '../specs.js';
import { forEachName } from './names.js';

/** Shape and element type of what a primitive makes. @throws ArgumentError or ArgumentTypeError that names the primitive and the shapes */
export type ShapeRule = (inputs: readonly Spec[], params: PrimitiveParams, op: PrimitiveName) => Spec;

const sameFloat: ShapeRule = ([x], _, op) => requireFloat(op, x);
const equalFloats: ShapeRule = ([x, y], _, op) => requireFloat(op, requireEqual(op, x, y));

export const shapeRules: Readonly<Record<PrimitiveName, ShapeRule>> = {
  ...forEachName(unaryNames, () => sameFloat),
  ...forEachName(binaryNames, () => equalFloats),
  select: ([condition, x, y], _, op) => {
    if (!sameShape(condition.shape, x.shape)) fail(op, 'condition and values differ in shape', [condition, x]);
    return requireEqual(op, x, y);
  },
  full: (_, params) => ({ shape: params.shape!, dtype: params.dtype! }),
  broadcast: ([x], params, op) => {
    const { axes, shape } = params as { axes: readonly number[]; shape: readonly number[] };
    const fits = axes.length === x.shape.length && axes.every((axis, i) => shape[axis] === x.shape[i]);
    if (!fits || axes.some((axis, i) => i > 0 && axis <= axes[i - 1]))
      fail(op, `axes [${axes.join(', ')}] do not place the input in ${showShape(shape)}`, [x]);
    return { shape, dtype: x.dtype };
  },
  reshape: ([x], params, op) => {
    checkShape(op, params.shape!);
    if (sizeOf(params.shape!) !== sizeOf(x.shape)) fail(op, `cannot become ${showShape(params.shape!)}`, [x]);
    return { shape: params.shape!, dtype: x.dtype };
  },
  transpose: ([x], params, op) => {
    const permutation = params.permutation!;
    const sorted = [...permutation].sort((a, b) => a - b);
    if (!sameShape(sorted, range(x.shape.length)))
      fail(op, `[${permutation.join(', ')}] is not a permutation of the axes`, [x]);
    return { shape: permutation.map((axis) => x.shape[axis]), dtype: x.dtype };
  },
  slice: ([x], params, op) => {
    const { start, limit } = params as { start: readonly number[]; limit: readonly number[] };
    const fits = (length: number, axis: number): boolean =>
      start[axis] >= 0 && start[axis] <= limit[axis] && limit[axis] <= length;
    if (![...start, ...limit].every(Number.isSafeInteger))
      fail(op, `[${start.join(', ')}] to [${limit.join(', ')}] must be integers`, [x]);
    if (start.length !== x.shape.length || limit.length !== x.shape.length || !x.shape.every(fits))
      fail(op, `[${start.join(', ')}] to [${limit.join(', ')}] is outside`, [x]);
    return { shape: limit.map((end, axis) => end - start[axis]), dtype: x.dtype };
  },
  pad: ([x], params, op) => {
    const { low, high } = params as { low: readonly number[]; high: readonly number[] };
    const whole = [...low, ...high].every((n) => Number.isSafeInteger(n) && n >= 0);
    if (!whole || low.length !== x.shape.length || high.length !== x.shape.length)
      fail(op, `low [${low.join(', ')}] and high [${high.join(', ')}] need one length ≥ 0 per axis`, [x]);
    return { shape: x.shape.map((length, axis) => low[axis] + length + high[axis]), dtype: x.dtype };
  },
  concatenate: (inputs, params, op) => {
    const axis = params.axis!;
    const [first] = inputs;
    const agree = (x: Spec): boolean =>
      x.dtype === first.dtype &&
      x.shape.length === first.shape.length &&
      x.shape.every((length, i) => i === axis || length === first.shape[i]);
    if (!(axis >= 0 && axis < first.shape.length) || !inputs.every(agree))
      fail(op, `inputs must agree in all axes but ${axis} and in dtype`, inputs);
    const total = inputs.reduce((sum, x) => sum + x.shape[axis], 0);
    return { shape: first.shape.map((length, i) => (i === axis ? total : length)), dtype: first.dtype };
  },
  reduceSum: ([x], params, op) => reduced(op, x, params),
  reduceMax: ([x], params, op) => {
    if (params.axes!.some((axis) => x.shape[axis] === 0)) fail(op, 'an empty axis has no maximum', [x]);
    return reduced(op, x, params);
  },
  matmul: ([a, b], params, op) => {
    const rank = a.shape.length;
    if (rank < 2 || b.shape.length !== rank || !sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2)))
      fail(op, 'operands need equal leading axes and at least 2 axes', [a, b]);
    requireSameDtype(op, a, b);
    const [m, inner] = params.transA ? [a.shape[rank - 1], a.shape[rank - 2]] : a.shape.slice(-2);
    const [k, n] = params.transB ? [b.shape[rank - 1], b.shape[rank - 2]] : b.shape.slice(-2);
    if (inner !== k) fail('matmul', 'inner dimensions differ', [a, b], params);
    return requireFloat(op, { shape: [...a.shape.slice(0, -2), m, n], dtype: a.dtype });
  },
  logSumExp: ([x], _, op) => {
    if (x.shape.length === 0 || x.shape.at(-1) === 0) fail(op, 'the last axis must have elements', [x]);
    return requireFloat(op, { shape: x.shape.slice(0, -1), dtype: x.dtype });
  },
  softmax: ([x], _, op) => {
    if (x.shape.length === 0) fail(op, 'needs at least one axis', [x]);
    return requireFloat(op, x);
  },
  gatherRows: ([x, index], _, op) => {
    requireIndex(op, index);
    if (x.shape.length !== 2 || index.shape.length !== 1 || index.shape[0] !== x.shape[0])
      fail(op, 'needs x (m, n) and one index per row (m,)', [x, index]);
    return { shape: index.shape, dtype: x.dtype };
  },
  scatterRows: ([x, index], params, op) => {
    requireIndex(op, index);
    if (x.shape.length !== 1 || !sameShape(x.shape, index.shape))
      fail(op, 'needs values (m,) and indices (m,)', [x, index]);
    return { shape: [x.shape[0], params.columns!], dtype: x.dtype };
  },
  gatherFlat: ([x, index], _, op) => {
    requireIndex(op, index);
    return { shape: index.shape, dtype: x.dtype };
  },
  scatterFlat: ([x, index], params, op) => {
    requireIndex(op, index);
    if (!sameShape(x.shape, index.shape)) fail(op, 'values and indices differ in shape', [x, index]);
    return { shape: params.shape!, dtype: x.dtype };
  },
  argsort: ([x], _, op) => {
    if (x.shape.length === 0) fail(op, 'needs at least one axis', [x]);
    return { shape: x.shape, dtype: 'int32' };
  },
  argmaxPool: ([x], params, op) => ({ ...windowed(op, x, params.window!, imageShape, pooledShape), dtype: 'int32' }),
  im2col: ([x], params, op) => windowed(op, x, params.window!, imageShape, patchesShape),
  col2im: ([x], params, op) => windowed(op, x, params.window!, patchesShape, imageShape),
  depthwise: (inputs, params, op) => apart(op, inputs, params.window!, [imageShape, windowShape, pooledShape]),
  depthwiseInput: (inputs, params, op) => apart(op, inputs, params.window!, [pooledShape, windowShape, imageShape]),
  depthwiseWeights: (inputs, params, op) => apart(op, inputs, params.window!, [imageShape, pooledShape, windowShape]),
  averagePool: ([x], params, op) => windowed(op, x, params.window!, imageShape, pooledShape),
  averageUnpool: ([x], params, op) => windowed(op, x, params.window!, pooledShape, imageShape),
  convert: ([x], params) => ({ shape: x.shape, dtype: params.dtype! }),
  stopGradient: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
};

/** (batch, height, width, channels) */
const imageShape = (w: Window): readonly number[] => [w.batch, w.height, w.width, w.channels];
/** (batch, oh, ow, channels) */
const pooledShape = (w: Window): readonly number[] => [w.batch, w.oh, w.ow, w.channels];
/** (batch·oh·ow, kh·kw·channels) */
const patchesShape = (w: Window): readonly number[] => [w.batch * w.oh * w.ow, w.kh * w.kw * w.channels];
/** (kh, kw, channels) */
const windowShape = (w: Window): readonly number[] => [w.kh, w.kw, w.channels];

function apart(
  op: PrimitiveName,
  [x, y]: readonly Spec[],
  window: Window,
  [left, right, out]: readonly [typeof imageShape, typeof imageShape, typeof imageShape],
): Spec {
  requireSameDtype(op, x, y);
  if (!sameShape(x.shape, left(window)) || !sameShape(y.shape, right(window)))
    fail(op, `the window expects ${showShape(left(window))} and ${showShape(right(window))}`, [x, y]);
  return requireFloat(op, { shape: out(window), dtype: x.dtype });
}

function windowed(
  op: PrimitiveName,
  x: Spec,
  window: Window,
  from: (w: Window) => readonly number[],
  to: (w: Window) => readonly number[],
): Spec {
  if (!sameShape(x.shape, from(window))) fail(op, `the window expects ${showShape(from(window))}`, [x]);
  return requireFloat(op, { shape: to(window), dtype: x.dtype });
}

function reduced(op: PrimitiveName, x: Spec, params: PrimitiveParams): Spec {
  const axes = params.axes!;
  if (axes.some((axis, i) => !(axis in x.shape) || (i > 0 && axis <= axes[i - 1])))
    fail(op, `axes [${axes.join(', ')}] must be ascending axes of the input`, [x]);
  return requireFloat(op, { shape: x.shape.filter((_, axis) => !axes.includes(axis)), dtype: x.dtype });
}

function requireEqual(op: PrimitiveName, x: Spec, y: Spec): Spec {
  requireSameDtype(op, x, y);
  if (!sameShape(x.shape, y.shape)) fail(op, 'shapes differ', [x, y]);
  return x;
}

/** @throws ArgumentTypeError that says how to make the operands agree */
export function requireSameDtype(op: string, x: Spec, y: Spec): void {
  if (x.dtype !== y.dtype)
    throw new ArgumentTypeError(
      `${op}: operands are ${x.dtype} ${showShape(x.shape)} and ${y.dtype} ${showShape(y.shape)}; use convert(x, '${x.dtype === 'int32' ? y.dtype : x.dtype}') on one of them`,
    );
}

function requireFloat(op: string, x: Spec): Spec {
  if (!isFloat(x.dtype))
    throw new ArgumentTypeError(
      `${op}: needs float32 or float64, got int32 ${showShape(x.shape)}; use convert(x, 'float64')`,
    );
  return { shape: x.shape, dtype: x.dtype };
}

function requireIndex(op: string, index: Spec): void {
  if (index.dtype !== 'int32') throw new ArgumentTypeError(`${op}: indices must be int32, got ${index.dtype}`);
}

function fail(op: string, reason: string, inputs: readonly Spec[], params: PrimitiveParams = {}): never {
  const mark = (i: number): string => ((i === 0 ? params.transA : params.transB) ? 'ᵀ' : '');
  refuse(op, `${reason}: ${inputs.map((x, i) => showShape(x.shape) + mark(i)).join(' x ')}`);
}
