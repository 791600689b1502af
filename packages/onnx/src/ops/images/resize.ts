import { type Tensor, add, constant, matmul, mul, transpose } from '@hyperribbon/autodiff';
import { type Call, type Operator, axisOf } from '../../values/call.js';
import { range, showShape, sizeOf } from '../../values/shapes.js';
import { picked } from '../../values/strided.js';
import { channelsLast, plain } from '../../values/value.js';
import { placesOf, tapsOf } from './sampling.js';

/** Another number of places along some axes: the nearest entries, or sums of two (linear) or four (cubic) neighbours, axis by axis. */
export const Resize: Operator = (call) => {
  const x = call.input(0);
  const rank = x.shape.length;
  if (call.int('antialias', 0) === 1) call.refuse('smooths before it shrinks (antialias), which is not computed');
  if (call.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch')
    call.refuse('keeps the aspect ratio, which is not computed');
  const axes = axesResized(call, x.shape);
  const own = (axis: number): number => (!x.channelsLast || axis === 0 ? axis : axis === 1 ? rank - 1 : axis - 1);
  const inside: number[][] = x.shape.map(() => []);
  const resized = axes.reduce((tensor, { axis, count, scale, from, to }) => {
    const line = { length: x.shape[axis], count, scale, from, to };
    const places = placesOf(call, line);
    inside[axis] = places.map((at) => (at >= 0 && at <= line.length - 1 ? 1 : 0));
    const taps = tapsOf(call, places, line.length);
    if (taps.every((tap) => tap.length === 1))
      return picked(
        tensor,
        own(axis),
        taps.map(([[at]]) => at),
      );
    return summed(tensor, own(axis), taps);
  }, x.tensor);
  const crops = call.text('coordinate_transformation_mode', '') === 'tf_crop_and_resize';
  const seen = range(rank).map((axis) => inside[range(rank).findIndex((file) => own(file) === axis)]);
  const tensor = crops ? extrapolated(resized, seen, call.float('extrapolation_value', 0)) : resized;
  return x.channelsLast ? channelsLast(x.type, tensor) : plain(x.type, tensor);
};

/** Before opset 10: scales as an input, places i/scale. */
export const Upsample: Operator = (call) =>
  Resize({
    ...call,
    opset: 10,
    text: (name, otherwise) => (name === 'mode' ? call.text(name, otherwise) : otherwise),
  });

interface Resized {
  readonly axis: number;
  readonly count: number;
  readonly scale: number;
  /** region of interest, relative to the axis */
  readonly from: number;
  readonly to: number;
}

function axesResized(call: Call, shape: readonly number[]): Resized[] {
  const old = call.opset < 11;
  const rank = shape.length;
  const axes = call.ints('axes')?.map((axis) => axisOf(call, axis, rank)) ?? range(rank);
  const list = (input: number, what: string): readonly number[] => (call.has(input) ? call.numbers(input, what) : []);
  const scales = list(old ? 1 : 2, 'scales');
  const sizes = old ? [] : list(3, 'sizes');
  const roi = old ? [] : list(1, 'the region of interest');
  const given = sizes.length > 0 ? sizes : scales;
  if (given.length !== axes.length) call.refuse(`scales or sizes ${showShape(given)} do not fit ${axes.length} axes`);
  return axes.flatMap((axis, i) => {
    const length = shape[axis];
    const count = sizes.length > 0 ? sizes[i] : Math.floor(length * scales[i]);
    if (!Number.isSafeInteger(count) || count < 1) call.refuse(`an axis of ${length} cannot become ${count} long`);
    const [from, to] = [roi[i] ?? 0, roi[i + axes.length] ?? 1];
    const still = count === length && from === 0 && to === 1;
    return still ? [] : [{ axis, count, scale: sizes.length > 0 ? count / length : scales[i], from, to }];
  });
}

/** Weighted sums along an axis: one product with a matrix. */
function summed(
  x: Tensor,
  axis: number,
  taps: readonly (readonly (readonly [at: number, weight: number])[])[],
): Tensor {
  const [length, count] = [x.shape[axis], taps.length];
  const weights = x.dtype === 'float32' ? new Float32Array(length * count) : new Float64Array(length * count);
  taps.forEach((tap, i) => {
    for (const [at, weight] of tap) weights[at * count + i] += weight;
  });
  const last = x.shape.length - 1;
  const order = range(last + 1).filter((i) => i !== axis);
  const moved = transpose(x, [...order, axis]);
  const product = matmul(moved, constant(weights, [length, count]));
  return transpose(product, range(last).toSpliced(axis, 0, last));
}

/** Where a place of the result lies outside x, a value takes its place. */
function extrapolated(x: Tensor, inside: readonly (readonly number[])[], value: number): Tensor {
  const shape = inside.map((list) => Math.max(1, list.length));
  const mask = Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
    shape.reduce((product, length, axis) => {
      const place = Math.floor(i / sizeOf(shape.slice(axis + 1))) % length;
      return product * (inside[axis][place] ?? 1);
    }, 1),
  );
  const asTensor = (data: Float64Array): Tensor =>
    constant(x.dtype === 'float32' ? Float32Array.from(data) : data, shape);
  return add(mul(x, asTensor(mask)), asTensor(mask.map((seen) => value * (1 - seen))));
}
