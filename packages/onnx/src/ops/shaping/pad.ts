import type { Tensor } from '@hyperribbon/autodiff';
import { type Call, type Operator, axisOf } from '../../values/call.js';
import { range, showShape } from '../../values/shapes.js';
import { padded1, picked } from '../../values/strided.js';
import { type Traced, channelsLast, plain } from '../../values/value.js';

/** A constant, the edge, the mirror image or the other end around the tensor */
export const Pad: Operator = (call) => {
  const x = call.input(0);
  const rank = x.shape.length;
  const pads = padsOf(call, rank);
  const mode = call.text('mode', 'constant');
  const images = x.channelsLast;
  const around = (tensor: Tensor, axis: number): Tensor => {
    const [before, after] = [pads[axis], pads[axis + rank]];
    const own = images ? (axis === 0 ? 0 : axis === 1 ? rank - 1 : axis - 1) : axis;
    if (before === 0 && after === 0) return tensor;
    if (mode === 'constant') return padded1(tensor, own, before, after, fill(call));
    return picked(tensor, own, sources(call, mode, tensor.shape[own], before, after));
  };
  const padded = range(rank).reduce(around, images ? x.tensor : call.tensor(0));
  return result(x, padded);
};

function result({ type, channelsLast: images }: Traced, tensor: Tensor): Traced {
  return images ? channelsLast(type, tensor) : plain(type, tensor);
}

/** Attributes before opset 11, inputs since; counts before all axes, then after all axes. */
function padsOf(call: Call, rank: number): readonly number[] {
  const given = call.ints('pads') ?? call.ints('paddings') ?? call.numbers(1, 'pads');
  const axes = call.has(3) ? call.numbers(3, 'axes').map((axis) => axisOf(call, axis, rank)) : range(rank);
  if (given.length !== 2 * axes.length) call.refuse(`pads ${showShape(given)} do not fit ${axes.length} axes`);
  const pads = Array.from({ length: 2 * rank }, () => 0);
  axes.forEach((axis, i) => {
    [pads[axis], pads[axis + rank]] = [given[i], given[i + axes.length]];
  });
  if (!pads.every(Number.isSafeInteger)) call.refuse(`pads must be whole numbers, got ${showShape(pads)}`);
  return pads;
}

function fill(call: Call): number {
  if (call.opset < 11) return call.float('value', 0);
  return call.has(2) ? call.number(2, 'the constant') : 0;
}

/** Where each entry of the padded axis comes from. */
function sources(call: Call, mode: string, length: number, before: number, after: number): number[] {
  const last = length - 1;
  return range(length + before + after).map((i) => {
    const at = i - before;
    if (mode === 'edge') return Math.min(Math.max(at, 0), last);
    if (mode === 'wrap') return ((at % length) + length) % length;
    if (mode !== 'reflect') return call.refuse(`pads by ${mode}, which is not computed`);
    if (last === 0) return 0;
    const around = ((at % (2 * last)) + 2 * last) % (2 * last);
    return around <= last ? around : 2 * last - around;
  });
}
