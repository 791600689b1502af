import { transpose } from '@hyperribbon/autodiff';
import { type Operator } from '../../values/call.js';
import { showShape } from '../../values/shapes.js';
import { plain } from '../../values/value.js';

/** Axes in another order, reversed by default */
export const Transpose: Operator = (call) => {
  const x = call.tensor(0);
  const order = call.ints('perm') ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
  if (order.length !== x.shape.length) call.refuse(`the order ${showShape(order)} does not fit ${showShape(x.shape)}`);
  return plain(call.input(0).type, transpose(x, order));
};
