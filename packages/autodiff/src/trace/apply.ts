import { shapeRules } from '../primitives/shapeRules.js';
import type { PrimitiveName, PrimitiveParams } from '../program.js';
import { fold } from '../simplify/fold.js';
import { type Tensor, record } from './tensor.js';

/**
 * The tensor `op(inputs)`: shapes are checked, trivial work (x·1, reshape of reshape, ...) is folded away, the rest is recorded.
 *
 * @throws ArgumentError or ArgumentTypeError that names the primitive and the shapes
 */
export function apply(op: PrimitiveName, inputs: readonly Tensor[], params: PrimitiveParams = {}): Tensor {
  const out = shapeRules[op](inputs, params, op);
  return fold(op, inputs, params, out, apply) ?? record(op, inputs, params, out);
}
