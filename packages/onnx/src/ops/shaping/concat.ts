import { concatenate } from '@hyperribbon/autodiff';
import { type Operator, axisOf } from '../../values/call.js';
import { sizeOf } from '../../values/shapes.js';
import { part } from '../../values/strided.js';
import { type Traced, channelsLast, lastTensor, plain, plainTensor } from '../../values/value.js';

/** One after the other along an axis */
export const Concat: Operator = (call) => {
  const values = call.inputs
    .map((_, i) => call.input(i))
    .filter(({ shape }, _, all) => sizeOf(shape) > 0 || all.length === 1);
  const axis = axisOf(call, call.int('axis', 1), call.input(0).shape.length);
  return joined(values.length === 0 ? [call.input(0)] : values, axis);
};

/** Values one after the other; channels stay last where all have them there. */
export function joined(values: readonly Traced[], axis: number): Traced {
  const [{ type, shape }] = values;
  if (values.length === 1) return values[0];
  if (values.some((value) => value.channelsLast) && axis === 1 && shape.length > 2)
    return channelsLast(type, concatenate(values.map(lastTensor), shape.length - 1));
  return plain(type, concatenate(values.map(plainTensor), axis));
}

/** Parts along an axis: of given lengths, or as many as there are outputs */
export const Split: Operator = (call) => {
  const x = call.input(0);
  const axis = axisOf(call, call.int('axis', 0), x.shape.length);
  const length = x.shape[axis];
  const given = call.ints('split') ?? (call.has(1) ? call.numbers(1, 'split') : undefined);
  const count = call.int('num_outputs', call.outputs);
  if (given === undefined && count !== call.outputs)
    call.refuse(`has ${call.outputs} outputs for num_outputs ${count}`);
  const even = Math.ceil(length / count);
  const lengths = given ?? Array.from({ length: count }, (_, i) => Math.max(0, Math.min(even, length - i * even)));
  if (lengths.reduce((sum, part) => sum + part, 0) !== length)
    call.refuse(`parts of ${lengths.join(', ')} do not make up an axis of ${length}`);
  const last = x.channelsLast && axis === 1;
  const tensor = last ? x.tensor : call.tensor(0);
  let start = 0;
  return lengths.map((count) => {
    const piece = part(tensor, last ? x.shape.length - 1 : axis, start, count);
    start += count;
    return last ? channelsLast(x.type, piece) : plain(x.type, piece);
  });
};
