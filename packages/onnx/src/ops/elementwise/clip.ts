import { type Tensor, maximum, minimum } from '@hyperribbon/autodiff';
import type { Call, Operator } from '../../values/call.js';
import { mapped } from '../../values/layout.js';

/** max(low, min(high, x)); the bounds are attributes before opset 11, inputs since */
export const Clip: Operator = (call) =>
  mapped(call.input(0), (x) => {
    const low = bound(call, 1, 'min');
    const high = bound(call, 2, 'max');
    const raised = low === undefined ? x : maximum(x, low);
    return high === undefined ? raised : minimum(raised, high);
  });

function bound(call: Call, input: number, name: string): Tensor | number | undefined {
  if (call.opset < 11) return call.attribute(name) === undefined ? undefined : call.float(name, 0);
  if (!call.has(input)) return undefined;
  return call.known(input) === undefined ? call.tensor(input) : call.number(input, name);
}
