import { concatenate } from '@hyperribbon/autodiff';
import { type Call, axisOf } from '../../values/call.js';
import { sizeOf } from '../../values/shapes.js';
import { type Known, type Traced, type Value, known, plain, reshaped } from '../../values/value.js';

/** Tensors of a list along a new axis, by default the first. */
export function stacked(call: Call, values: readonly Value[], axis = 0): Value {
  const raised = values.map((value) => {
    if (value.kind === 'sequence') return value;
    return reshaped(value, value.shape.toSpliced(axisOf(call, axis, value.shape.length + 1), 0, 1));
  });
  const rank = raised[0]?.kind === 'known' || raised[0]?.kind === 'traced' ? raised[0].shape.length : 1;
  return joined(call, raised, axisOf(call, axis, rank));
}

/** Tensors of a list one after the other; known ones stay known. */
export function joined(call: Call, values: readonly Value[], axis: number): Known | Traced {
  const tensors = values.map((value) => (value.kind === 'sequence' ? call.refuse('holds lists of lists') : value));
  if (tensors.length === 0) return call.refuse('joins a list that is empty');
  if (tensors.every((value) => value.kind === 'known')) return joinedKnown(tensors, axis);
  return plain(
    tensors[0].type,
    concatenate(
      tensors.map((value) => call.tensorOf(value)),
      axis,
    ),
  );
}

function joinedKnown(tensors: readonly Known[], axis: number): Known {
  const [{ type, shape }] = tensors;
  const outer = sizeOf(shape.slice(0, axis));
  const lengths = tensors.map((tensor) => sizeOf(tensor.shape.slice(axis)));
  const rows = Array.from({ length: outer }, (_, i) =>
    tensors.flatMap(({ data }, t) => [...data.subarray(i * lengths[t], (i + 1) * lengths[t])]),
  );
  const total = tensors.reduce((sum, tensor) => sum + (tensor.shape[axis] ?? 1), 0);
  return known(type, shape.with(axis, total), rows.flat());
}
