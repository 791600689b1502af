import { broadcastTo } from '@hyperribbon/autodiff';
import { tile } from '@hyperribbon/autodiff/array';
import { type Operator } from '../../values/call.js';
import { showShape } from '../../values/shapes.js';
import { plain } from '../../values/value.js';

/** Lengths of 1 repeat until both shapes are one */
export const Expand: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const wanted = call.numbers(1, 'the shape');
  const rank = Math.max(x.shape.length, wanted.length);
  const shape = Array.from({ length: rank }, (_, axis) => {
    const [own, other] = [x.shape[axis - rank + x.shape.length] ?? 1, wanted[axis - rank + wanted.length] ?? 1];
    if (own !== other && own !== 1 && other !== 1)
      call.refuse(`${showShape(x.shape)} does not broadcast to ${showShape(wanted)}`);
    return own === 1 ? other : own;
  });
  return plain(type, broadcastTo(x, shape));
};

/** Copies side by side along every axis */
export const Tile: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const repeats = call.numbers(1, 'repeats');
  if (repeats.length !== x.shape.length)
    call.refuse(`repeats ${showShape(repeats)} do not fit a tensor ${showShape(x.shape)}`);
  return plain(type, tile(x, repeats));
};
