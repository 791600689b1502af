import { full, greater, sub } from '@hyperribbon/autodiff';
import { dropout } from '@hyperribbon/autodiff/array';
import { type Call, type Operator } from '../../values/call.js';
import { mapped } from '../../values/layout.js';
import { plain } from '../../values/value.js';

/** The input itself; in a step of training a share of it is set to 0 and the rest made larger */
export const Dropout: Operator = (call) => {
  const x = call.input(0);
  const mask = plain('bool', full(x.shape, 1, call.dtype));
  if (!isTraining(call)) return [x, mask];
  const rate = call.opset < 12 ? call.float('ratio', 0.5) : call.has(1) ? call.number(1, 'ratio') : 0.5;
  if (rate === 0) return [x, mask];
  if (call.draw === undefined)
    return call.refuse('draws at random, which a graph that is computed as it is written cannot');
  const draws = call.draw(x.tensor.shape.slice(1));
  return [
    mapped(x, (tensor) => dropout(tensor, draws, rate)),
    mapped(x, () => sub(1, greater(full(draws.shape, rate, call.dtype), draws)), 'bool'),
  ];
};

/** Whether the graph says that it trains, and it is not evaluated. */
function isTraining(call: Call): boolean {
  if (call.mode === 'evaluation' || call.opset < 12) return false;
  return call.has(2) && call.number(2, 'training_mode') !== 0;
}
