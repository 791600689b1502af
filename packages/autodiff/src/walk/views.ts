import type { Equation, Program } from '../program.js';
import { range, sameShape, sizeOf } from '../specs.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';

/** One step that rearranges or repeats numbers without changing them: reshape, transpose or broadcast. */
export interface View extends Pick<Equation, 'op' | 'params'> {
  /** shape before the step */
  readonly from: readonly number[];
}

/** x after all steps. */
export function view(x: Tensor, views: readonly View[]): Tensor {
  return views.reduce((y, { op, params }) => apply(op, [y], params), x);
}

/** The x that {@link view} turns into y; for reshapes and transposes only. */
export function unview(y: Tensor, views: readonly View[]): Tensor {
  return views.reduceRight((x, step) => view(x, [inverse(step)]), y);
}

/** The step backwards, at a shape that it made. */
export function inverse({ op, params, from }: View): View {
  if (op === 'reshape') return { op, params: { shape: from }, from: params.shape! };
  const { permutation } = params;
  const shape = permutation!.map((axis) => from[axis]);
  return { op, params: { permutation: range(from.length).map((axis) => permutation!.indexOf(axis)) }, from: shape };
}

/** Swaps the axes of a matrix, or of each of a stack of matrices. */
export function swapLast(shape: readonly number[]): View {
  const last = shape.length - 1;
  return { op: 'transpose', params: { permutation: [...range(last - 1), last, last - 1] }, from: shape };
}

/** The equation as a view of its first input; undefined if it is none. */
export function asView({ values }: Program, { op, params, inputs }: Equation): View | undefined {
  if (op !== 'reshape' && op !== 'transpose' && op !== 'broadcast') return undefined;
  return { op, params, from: values[inputs[0]].shape };
}

/** Where an axis goes whose entries stay apart from all others; undefined where a reshape cuts or joins it. */
export function axisAfter(axis: number, { op, params, from }: View): number | undefined {
  if (op === 'transpose') return params.permutation!.indexOf(axis);
  if (op === 'broadcast') return params.axes![axis];
  const inner = sizeOf(from.slice(axis + 1));
  const { shape } = params;
  const found = shape!.findIndex((length, i) => length === from[axis] && sizeOf(shape!.slice(i + 1)) === inner);
  return found < 0 ? undefined : found;
}

/** Where axes go that are read as one, the first the slowest: neighbours may be joined by a reshape. */
export function axesAfter(axes: readonly number[], step: View): readonly number[] | undefined {
  const [first, second] = axes;
  if (axes.length === 2 && step.op === 'reshape' && second === first + 1) {
    const { from } = step;
    const joined = [...from.slice(0, first), from[first] * from[second], ...from.slice(second + 1)];
    const axis = axisAfter(first, { ...step, from: joined });
    if (axis !== undefined) return [axis];
  }
  const moved = axes.flatMap((axis) => axisAfter(axis, step) ?? []);
  return moved.length === axes.length ? moved : undefined;
}

/**
 * Where the numbers of a view come from: entry k of the view is entry `places[k]` of the array.
 *
 * @param views reshapes and transposes
 */
export function placesOf(size: number, views: readonly View[]): Int32Array {
  let places = Int32Array.from({ length: size }, (_, i) => i);
  for (const { op, params, from } of views) {
    if (op !== 'transpose' || sameShape(params.permutation!, range(from.length))) continue;
    const steps = params.permutation!.map((axis) => sizeOf(from.slice(axis + 1)));
    const lengths = params.permutation!.map((axis) => from[axis]);
    const source = places;
    places = source.map((_, k) => {
      let [rest, place] = [k, 0];
      for (let axis = lengths.length - 1; axis >= 0; axis--) {
        place += (rest % lengths[axis]) * steps[axis];
        rest = Math.floor(rest / lengths[axis]);
      }
      return source[place];
    });
  }
  return places;
}
