import type { Tensor } from '@hyperribbon/autodiff';
import { type Call, type Operator, axisOf } from '../../values/call.js';
import { range } from '../../values/shapes.js';
import { everyStep } from '../../values/strided.js';
import { plain } from '../../values/value.js';

/** From start to end by steps along some axes; ends beyond the tensor stop at its end */
export const Slice: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const { starts, ends, axes, steps } = boundsOf(call, x.shape.length);
  return plain(
    type,
    axes.reduce((rest: Tensor, axis, i) => {
      const length = x.shape[axis];
      const step = steps[i];
      if (step === 0) call.refuse('a step must not be 0');
      const place = (at: number): number => (at < 0 ? at + length : at);
      const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
      const start = Math.min(Math.max(place(starts[i]), step > 0 ? 0 : -1), step > 0 ? length : length - 1);
      const end = Math.min(Math.max(ends[i] < -length ? low : place(ends[i]), low), high);
      const count = Math.max(0, Math.ceil((end - start) / step));
      return everyStep(rest, axis, count === 0 ? 0 : start, step, count);
    }, x),
  );
};

interface Bounds {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes: readonly number[];
  readonly steps: readonly number[];
}

/** Attributes before opset 10, inputs since. */
function boundsOf(call: Call, rank: number): Bounds {
  const old = call.opset < 10;
  const list = (input: number, name: string): readonly number[] | undefined =>
    old ? call.ints(name) : call.has(input) ? call.numbers(input, name) : undefined;
  const [starts, ends] = [list(1, 'starts'), list(2, 'ends')];
  if (starts === undefined || ends === undefined) return call.refuse('lacks starts or ends');
  const axes = (list(3, 'axes') ?? range(starts.length)).map((axis) => axisOf(call, axis, rank));
  const steps = (old ? undefined : list(4, 'steps')) ?? starts.map(() => 1);
  if ([ends, axes, steps].some(({ length }) => length !== starts.length))
    call.refuse('has starts, ends, axes and steps of different counts');
  return { starts, ends, axes, steps };
}
