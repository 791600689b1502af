import { tril, triu } from '@hyperribbon/autodiff/array';
import { type Operator } from '../../values/call.js';
import { plain } from '../../values/value.js';

/** The upper or lower triangle of the last two axes, from diagonal k on; zeros elsewhere */
export const Trilu: Operator = (call) => {
  const k = call.has(1) ? call.number(1, 'k') : 0;
  const triangle = call.int('upper', 1) === 1 ? triu : tril;
  return plain(call.input(0).type, triangle(call.tensor(0), k));
};
