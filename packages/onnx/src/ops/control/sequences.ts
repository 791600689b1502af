import { reshape } from '@hyperribbon/autodiff';
import { axisOf, type Call, type Operator } from '../../values/call.js';
import { part } from '../../values/strided.js';
import { type Sequence, type Value, known, plain } from '../../values/value.js';
import { joined, stacked } from './stacked.js';

const sequence = (items: readonly Value[]): Sequence => ({ kind: 'sequence', items });

export const SequenceEmpty: Operator = () => sequence([]);
export const SequenceConstruct: Operator = (call) => sequence(call.inputs.map((value, i) => value ?? call.input(i)));
export const SequenceLength: Operator = (call) => known('int64', [], [listOf(call).length]);

/** With a tensor before a position, by default at the end */
export const SequenceInsert: Operator = (call) => {
  const list = listOf(call);
  const at = call.has(2) ? place(call, 2, list.length, list.length) : list.length;
  return sequence(list.toSpliced(at, 0, call.known(1) ?? call.input(1)));
};

/** Without the tensor at a position, by default the last */
export const SequenceErase: Operator = (call) => {
  const list = listOf(call);
  return sequence(list.toSpliced(call.has(1) ? place(call, 1, list.length) : list.length - 1, 1));
};

export const SequenceAt: Operator = (call) => {
  const list = listOf(call);
  return list[place(call, 1, list.length)];
};

/** The tensors of a list one after the other, or along a new axis */
export const ConcatFromSequence: Operator = (call) => {
  const list = listOf(call);
  const axis = call.int('axis', 0);
  if (call.int('new_axis', 0) === 1) {
    return stacked(call, list, axis);
  }
  const [first] = list;
  const rank = first === undefined || first.kind === 'sequence' ? 1 : first.shape.length;
  return joined(call, list, axisOf(call, axis, rank));
};

/** A list of the parts of a tensor along an axis */
export const SplitToSequence: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const axis = axisOf(call, call.int('axis', 0), x.shape.length);
  const length = x.shape[axis];
  const given = call.has(1) ? call.numbers(1, 'split') : [1];
  const size = given[0];
  const even = (call.known(1)?.shape.length ?? 0) === 0;
  const lengths = even
    ? Array.from({ length: Math.ceil(length / size) }, (_, i) => Math.min(size, length - i * size))
    : given;
  const drop = call.int('keepdims', 1) === 0 && !call.has(1);
  let start = 0;
  return sequence(
    lengths.map((count) => {
      const piece = part(x, axis, start, count);
      start += count;
      return plain(type, drop ? reshape(piece, x.shape.toSpliced(axis, 1)) : piece);
    }),
  );
};

function listOf(call: Call): readonly Value[] {
  const [value] = call.inputs;
  if (value?.kind !== 'sequence') return call.refuse('takes a list of tensors');
  return value.items;
}

function place(call: Call, input: number, count: number, last = count - 1): number {
  const at = call.number(input, 'the position');
  const resolved = at < 0 ? at + count : at;
  if (!(resolved >= 0 && resolved <= last)) call.refuse(`position ${at} does not exist in a list of ${count}`);
  return resolved;
}
