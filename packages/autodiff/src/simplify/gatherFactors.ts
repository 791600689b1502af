import { add, div, mul, neg, sub } from '../primitives/emit.js';
import type { Equation, Program } from '../program.js';
import { apply } from '../trace/apply.js';
import { collect } from '../trace/collect.js';
import { environment, freshInputs } from '../trace/replay.js';
import { type Tensor, uniformValue } from '../trace/tensor.js';

/** A value that is linear in some inputs: base · factor, with a factor that does not depend on them (absent: 1). */
interface Scaled {
  readonly base: Tensor;
  readonly factor?: Tensor;
}

/**
 * Moves products of known factors out of the linear part: (t · a) · b + t · c becomes t · (a · b + c), where the factor is
 * computed once.
 *
 * For the second derivative of an activation this leaves one product per vector and one residual. Results differ from the
 * original by rounding only, unless a factor itself leaves the range of the dtype.
 *
 * @param linear positions of the inputs that the program is linear in
 */
export function gatherFactors(program: Program, linear: readonly number[]): Program {
  const inputs = freshInputs(program);
  const env = environment(program, inputs);
  const scaled = new Map<number, Scaled>();
  const isLinear = new Set(linear.map((position) => program.inputs[position]));
  const tensor = (value: number): Tensor => (env[value] ??= finish(scaled.get(value)!));
  const asScaled = (value: number): Scaled => scaled.get(value) ?? { base: tensor(value) };
  for (const equation of program.equations) {
    const { op, inputs: from, output, params } = equation;
    const operands = from.filter((value) => isLinear.has(value));
    const folded = operands.length === 0 ? undefined : combine(equation, isLinear, tensor, asScaled);
    if (operands.length > 0) isLinear.add(output);
    if (folded === undefined) env[output] = apply(op, from.map(tensor), params);
    else scaled.set(output, folded);
  }
  return collect(inputs, program.outputs.map(tensor), false).program;
}

/** The equation's result as a scaled value, where that saves work. */
function combine(
  { op, inputs: [x, y] }: Equation,
  isLinear: ReadonlySet<number>,
  tensor: (value: number) => Tensor,
  asScaled: (value: number) => Scaled,
): Scaled | undefined {
  if (op === 'mul') {
    const [hot, known] = isLinear.has(x) ? [x, y] : [y, x];
    if (isExtreme(tensor(known))) return undefined;
    const { base, factor } = asScaled(hot);
    return { base, factor: factor === undefined ? tensor(known) : mul(factor, tensor(known)) };
  }
  if (!isLinear.has(x)) return undefined;
  const { base, factor } = asScaled(x);
  if (factor === undefined) return undefined;
  if (op === 'neg') return { base, factor: neg(factor) };
  if (op === 'div' && !isExtreme(tensor(y))) return { base, factor: div(factor, tensor(y)) };
  if ((op !== 'add' && op !== 'sub') || !isLinear.has(y)) return undefined;
  const other = asScaled(y);
  if (other.base !== base || other.factor === undefined) return undefined;
  return { base, factor: (op === 'add' ? add : sub)(factor, other.factor) };
}

/** Constants of such size stay where they are written: their products may leave the range though the results do not. */
function isExtreme(x: Tensor): boolean {
  const size = Math.abs(uniformValue(x) ?? 1);
  return size > 2 ** 16 || size < 2 ** -16;
}

function finish({ base, factor }: Scaled): Tensor {
  return factor === undefined ? base : mul(base, factor);
}
