import { type Tensor, concatenate, transpose } from '@hyperribbon/autodiff';
import { type Call, type Operator, requireRank } from '../../values/call.js';
import { range, showShape } from '../../values/shapes.js';
import { padded1, part, reversed, spreadOut } from '../../values/strided.js';
import { channelsLast, lastTensor } from '../../values/value.js';
import { biased } from './conv.js';
import { convolve } from './convolve.js';
import { type Windows, requireSteps } from './windows.js';

/** The transpose of a convolution: places are spread out by the stride, then convolved with the turned kernel */
export const ConvTranspose: Operator = (call) => {
  const x = call.input(0);
  requireRank(call, x.shape, 3, 4, 5);
  const weights = call.tensor(1);
  const groups = call.int('group', 1);
  if (weights.shape.length !== x.shape.length || weights.shape[0] !== x.shape[1] || x.shape[1] % groups !== 0)
    call.refuse(`weights ${showShape(weights.shape)} in ${groups} groups do not fit images ${showShape(x.shape)}`);
  const axes = axesOfTranspose(call, x.shape.slice(2), weights.shape.slice(2));
  let image = lastTensor(x);
  axes.forEach(({ stride, before, after }, i) => {
    image = padded1(spreadOut(image, i + 1, stride), i + 1, before, after);
  });
  const windows = axes.map(
    ({ kernel, dilation }, i): Windows => ({
      length: image.shape[i + 1],
      kernel,
      dilation,
      stride: 1,
      before: 0,
      after: 0,
      count: image.shape[i + 1] - (kernel - 1) * dilation,
    }),
  );
  return channelsLast(x.type, biased(call, convolve(image, turned(weights, groups), windows, groups)));
};

interface Axis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** zeros around the spread image; negative ones are taken away */
  readonly before: number;
  readonly after: number;
}

function axesOfTranspose(call: Call, lengths: readonly number[], kernels: readonly number[]): Axis[] {
  const rank = lengths.length;
  const list = (name: string, otherwise: number): readonly number[] => call.ints(name) ?? lengths.map(() => otherwise);
  const [strides, dilations, extra] = [list('strides', 1), list('dilations', 1), list('output_padding', 0)];
  const wanted = call.ints('output_shape');
  const auto = call.text('auto_pad', 'NOTSET');
  return lengths.map((length, axis) => {
    const [kernel, stride, dilation] = [kernels[axis], strides[axis], dilations[axis]];
    const reach = (kernel - 1) * dilation;
    let [first, last] = [call.ints('pads')?.[axis] ?? 0, call.ints('pads')?.[axis + rank] ?? 0];
    requireSteps(call, { kernel, stride, dilation }, [first, last, extra[axis], wanted?.slice(-rank)[axis] ?? 0]);
    if (wanted !== undefined || auto.startsWith('SAME')) {
      const size = wanted?.slice(-rank)[axis] ?? length * stride;
      const total = Math.max(0, stride * (length - 1) + extra[axis] + reach + 1 - size);
      const less = Math.floor(total / 2);
      first = auto === 'SAME_UPPER' ? less : total - less;
      last = total - first;
      const grown = size - (stride * (length - 1) + extra[axis] + reach + 1 - total);
      return { kernel, stride, dilation, before: reach - first, after: reach - last + extra[axis] + grown };
    }
    return { kernel, stride, dilation, before: reach - first, after: reach - last + extra[axis] };
  });
}

/** (in, out/groups, …) as the weights (out, in/groups, …) of a convolution, every kernel turned around. */
function turned(weights: Tensor, groups: number): Tensor {
  const [channels] = weights.shape;
  const inner = channels / groups;
  const order = [1, 0, ...range(weights.shape.length - 2, 2)];
  const parts = range(groups).map((g) => transpose(part(weights, 0, g * inner, inner), order));
  const joined = parts.length === 1 ? parts[0] : concatenate(parts, 0);
  return range(weights.shape.length - 2, 2).reduce(reversed, joined);
}
