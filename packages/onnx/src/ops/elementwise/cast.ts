import { notEqual, trunc } from '@hyperribbon/autodiff/array';
import { type ElementType, elementType, elementTypeName, isFloating } from '../../protobuf/elementTypes.js';
import { type Call, type Operator } from '../../values/call.js';
import { mapped } from '../../values/layout.js';
import type { Traced } from '../../values/value.js';

/** The same numbers as another type: whole ones lose what is behind the point. Floats keep the program's precision, whatever their type. */
export const Cast: Operator = (call) => {
  const code = call.int('to', 0);
  const type = elementType(code);
  if (type === undefined) return call.refuse(`casts to ${elementTypeName(code)}, which is not computed with`);
  return cast(call, type);
};

/** As the type of the second input. */
export const CastLike: Operator = (call) => cast(call, call.input(1).type);

function cast(call: Call, type: ElementType): Traced {
  const x = call.input(0);
  if (type === 'bool' && x.type !== 'bool') return mapped(x, (tensor) => notEqual(tensor, 0), type);
  if (isFloating(x.type) && !isFloating(type)) return mapped(x, trunc, type);
  return mapped(x, (tensor) => tensor, type);
}
