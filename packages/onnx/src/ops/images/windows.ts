import type { Call } from '../../values/call.js';
import { showShape } from '../../values/shapes.js';

/** How windows lie along one axis of an image. */
export interface Windows {
  /** length of the axis */
  readonly length: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  /** how many windows there are */
  readonly count: number;
}

/** Windows along each axis, from the attributes that convolutions and poolings share. */
export function windowsOf(call: Call, lengths: readonly number[], kernels: readonly number[]): Windows[] {
  const rank = lengths.length;
  if (kernels.length !== rank)
    call.refuse(`kernel ${showShape(kernels)} does not fit images of ${rank} axes, ${showShape(lengths)}`);
  const list = (name: string, otherwise: number, count = rank): readonly number[] => {
    const given = call.ints(name) ?? Array.from({ length: count }, () => otherwise);
    if (given.length !== count) call.refuse(`${name} must be ${count} numbers, got ${given.length}`);
    return given;
  };
  const [strides, dilations, pads] = [list('strides', 1), list('dilations', 1), list('pads', 0, 2 * rank)];
  const auto = call.text('auto_pad', 'NOTSET');
  const up = call.int('ceil_mode', 0) === 1;
  return lengths.map((length, axis) => {
    const [kernel, stride, dilation] = [kernels[axis], strides[axis], dilations[axis]];
    requireSteps(call, { kernel, stride, dilation }, [pads[axis], pads[axis + rank]]);
    const reach = (kernel - 1) * dilation + 1;
    if (auto.startsWith('SAME')) {
      const count = Math.ceil(length / stride);
      const total = Math.max(0, (count - 1) * stride + reach - length);
      const less = Math.floor(total / 2);
      const before = auto === 'SAME_LOWER' ? total - less : less;
      return { length, kernel, stride, dilation, before, after: total - before, count };
    }
    const [before, after] = auto === 'VALID' ? [0, 0] : [pads[axis], pads[axis + rank]];
    const steps = (length + before + after - reach) / stride;
    let count = (up ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // a window that would begin in the padding behind the image is none
    if (up && (count - 1) * stride >= length + before) count -= 1;
    if (count < 1 || before < 0 || after < 0)
      call.refuse(`a window of ${reach} does not fit an axis of ${length} with padding ${before} and ${after}`);
    return { length, kernel, stride, dilation, before, after, count };
  });
}

/** longest reach of a window, step or padding that anybody means */
const FARTHEST = 2 ** 16;

/** @throws FormatError that names the node for steps that are no whole numbers from 1 on, or are beyond what anybody means */
export function requireSteps(call: Call, steps: Readonly<Record<string, number>>, pads: readonly number[]): void {
  for (const [name, step] of Object.entries(steps))
    if (!(Number.isSafeInteger(step) && step >= 1 && step <= FARTHEST))
      call.refuse(`${name} must be an integer in [1, ${FARTHEST}], got ${step}`);
  const reach = ((steps.kernel ?? 1) - 1) * (steps.dilation ?? 1);
  const far = [reach, ...pads].find((length) => !(Number.isSafeInteger(length) && Math.abs(length) <= FARTHEST));
  if (far !== undefined) call.refuse(`windows and padding may reach as far as ${FARTHEST}, got ${far}`);
}
