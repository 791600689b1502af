import { add, div, mul, pow } from '@hyperribbon/autodiff';
import { type Operator } from '../../values/call.js';
import { range } from '../../values/shapes.js';
import { padded1, part } from '../../values/strided.js';
import { channelsLast, lastTensor } from '../../values/value.js';

/** x/(bias + alpha/size·Σ x²)^beta, the sum over `size` neighbouring channels */
export const LRN: Operator = (call) => {
  const value = call.input(0);
  const x = lastTensor(value);
  const size = call.int('size', 1);
  if (!(size >= 1)) call.refuse(`size must be at least 1, got ${size}`);
  const last = x.shape.length - 1;
  const before = Math.floor((size - 1) / 2);
  const squares = padded1(mul(x, x), last, before, size - 1 - before);
  const sum = range(size)
    .map((k) => part(squares, last, k, x.shape[last]))
    .reduce((total, term) => add(total, term));
  const scale = add(mul(sum, call.float('alpha', 1e-4) / size), call.float('bias', 1));
  return channelsLast(value.type, div(x, pow(scale, call.float('beta', 0.75))));
};
