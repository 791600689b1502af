import { full } from '@hyperribbon/autodiff';
import { type Operator } from '../../values/call.js';
import { range, showShape, sizeOf } from '../../values/shapes.js';
import { known, plain } from '../../values/value.js';
import { elementType } from '../../protobuf/elementTypes.js';

/** most elements that are written out while a graph is read; larger ones stay formulas of the program */
const MOST = 2 ** 16;

export const Constant: Operator = (call) => {
  const tensor = call.attribute('value');
  if (tensor?.kind === 'tensor') return { kind: 'known', ...tensor.value };
  const [float, int] = [call.attribute('value_float'), call.attribute('value_int')];
  if (float?.kind === 'float') return known('float32', [], [float.value]);
  if (int?.kind === 'int') return known('int64', [], [int.value]);
  const [floats, ints] = [call.attribute('value_floats'), call.attribute('value_ints')];
  if (floats?.kind === 'floats' || floats?.kind === 'ints')
    return known('float32', [floats.value.length], floats.value);
  if (ints?.kind === 'ints') return known('int64', [ints.value.length], ints.value);
  return call.refuse('holds text or a sparse tensor, which are not read');
};

/** One value everywhere */
export const ConstantOfShape: Operator = (call) => {
  const shape = call.numbers(0, 'the shape');
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0) || !Number.isSafeInteger(sizeOf(shape)))
    call.refuse(`the shape must be whole numbers >= 0, got ${showShape(shape)}`);
  const given = call.attribute('value');
  const { type, data } = given?.kind === 'tensor' ? given.value : { type: 'float32' as const, data: [0] };
  if (data.length !== 1) call.refuse(`value must be one number, got ${data.length}`);
  if (sizeOf(shape) > MOST) return plain(type, full(shape, data[0], call.dtype));
  return known(type, shape, new Float64Array(sizeOf(shape)).fill(data[0]));
};

/** The lengths of a tensor: known whenever a graph is traced */
export const Shape: Operator = (call) => {
  const { shape } = call.known(0) ?? call.input(0);
  const lengths = shape.slice(
    call.int('start', 0),
    call.attribute('end') === undefined ? undefined : call.int('end', 0),
  );
  return known('int64', [lengths.length], lengths);
};

/** The number of elements of a tensor */
export const Size: Operator = (call) => known('int64', [], [sizeOf((call.known(0) ?? call.input(0)).shape)]);

/** start, start + step, … before limit */
export const Range: Operator = (call) => {
  const [start, limit, step] = [call.number(0, 'start'), call.number(1, 'limit'), call.number(2, 'step')];
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (!(count <= 2 ** 20)) call.refuse(`counts from ${start} to ${limit} by ${step}, which is too much`);
  const { type } = call.known(0)!;
  return known(
    type,
    [count],
    range(count).map((i) => start + i * step),
  );
};

/** 1 on a diagonal, else 0 */
export const EyeLike: Operator = (call) => {
  const { shape, type: own } = call.input(0);
  const [rows, columns] = shape;
  if (shape.length !== 2 || sizeOf(shape) > 2 ** 20)
    call.refuse(`takes a matrix of moderate size, got ${showShape(shape)}`);
  const k = call.int('k', 0);
  const type = elementType(call.int('dtype', 0)) ?? own;
  return known(
    type,
    shape,
    Float64Array.from({ length: rows * columns }, (_, i) => ((i % columns) - Math.floor(i / columns) === k ? 1 : 0)),
  );
};
