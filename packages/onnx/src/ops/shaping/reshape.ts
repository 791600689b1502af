import { type Call, type Operator, axesOf, axisOf } from '../../values/call.js';
import { showShape, sizeOf } from '../../values/shapes.js';
import { type Value, reshaped } from '../../values/value.js';

/** 0 keeps a length (unless allowzero), −1 follows from the rest */
export const Reshape: Operator = (call) => {
  const { shape } = call.input(0);
  const wanted = call.opset < 5 ? call.ints('shape') : call.numbers(1, 'the shape');
  if (wanted === undefined) return call.refuse('lacks the attribute shape');
  const keeps = call.int('allowzero', 0) === 0;
  const lengths = wanted.map((length, axis) => (length === 0 && keeps ? (shape[axis] ?? 0) : length));
  const open = lengths.indexOf(-1);
  const rest = sizeOf(shape) / sizeOf(lengths.filter((length) => length !== -1));
  const final = lengths.map((length, axis) => (axis === open ? rest : length));
  if (sizeOf(final) !== sizeOf(shape) || final.some((length) => !Number.isSafeInteger(length) || length < 0))
    call.refuse(
      `${showShape(shape)} cannot become ${showShape(wanted)}: if the file was exported for one batch size, export it with a dynamic batch axis`,
    );
  return reshaped(given(call), final);
};

/** All axes before `axis` are one, and all others */
export const Flatten: Operator = (call) => {
  const { shape } = call.input(0);
  const axis = call.int('axis', 1);
  const at = axis === shape.length ? axis : axisOf(call, axis, shape.length);
  return reshaped(given(call), [sizeOf(shape.slice(0, at)), sizeOf(shape.slice(at))]);
};

/** Without axes of length 1: those that are named, or all */
export const Squeeze: Operator = (call) => {
  const { shape } = call.input(0);
  const axes = axesOf(call, 1, shape.length) ?? shape.flatMap((length, axis) => (length === 1 ? [axis] : []));
  for (const axis of axes) if (shape[axis] !== 1) call.refuse(`axis ${axis} of ${showShape(shape)} is not of length 1`);
  return reshaped(
    given(call),
    shape.filter((_, axis) => !axes.includes(axis)),
  );
};

/** With further axes of length 1 */
export const Unsqueeze: Operator = (call) => {
  const { shape } = call.input(0);
  const count = (call.ints('axes') ?? call.numbers(1, 'axes')).length;
  const axes = axesOf(call, 1, shape.length + count) ?? [];
  const lengths = [...shape];
  for (const axis of axes) lengths.splice(axis, 0, 1);
  return reshaped(given(call), lengths);
};

export const Identity: Operator = (call) => call.inputs[0] ?? call.refuse('input 0 is missing');

/** The first input, known or traced. */
function given(call: Call): Exclude<Value, { kind: 'sequence' }> {
  return call.known(0) ?? call.input(0);
}
