import { constant, select, zerosLike } from '@hyperribbon/autodiff';
import { type Operator } from '../../values/call.js';
import { plain } from '../../values/value.js';

/** The upper or lower triangle of the last two axes, from diagonal k on; zeros elsewhere */
export const Trilu: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const [rows, columns] = x.shape.slice(-2);
  if (columns === undefined) call.refuse('takes tensors of at least 2 axes');
  const k = call.has(1) ? call.number(1, 'k') : 0;
  const upper = call.int('upper', 1) === 1;
  const kept = Float32Array.from({ length: rows * columns }, (_, i) => {
    const diagonal = (i % columns) - Math.floor(i / columns);
    return (upper ? diagonal >= k : diagonal <= k) ? 1 : 0;
  });
  const mask = constant(call.dtype === 'float32' ? kept : Float64Array.from(kept), [rows, columns]);
  return plain(type, select(mask, x, zerosLike(x)));
};
