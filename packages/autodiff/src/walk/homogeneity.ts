import { isUnary } from '../primitives/names.js';
import type { Equation, PrimitiveName, Program } from '../program.js';

/** How a value answers to parameters that are multiplied by c > 0: by c^degree; 'fixed' is 0 or ±∞, which have any degree; undefined: not so. */
type Degree = number | 'fixed' | undefined;

export interface Homogeneity {
  /** the output is multiplied by c^degree; undefined where it is not positively homogeneous */
  readonly degree: number | undefined;
  /** the first operation after which the degree was lost, if the output needs it */
  readonly because?: PrimitiveName;
}

/**
 * Whether a program is positively homogeneous in some of its inputs, and of which degree: f(c w) = c^degree f(w) for all c > 0. A network of L layers
 * without biases, with rectifiers, maximum and average pooling, is of degree L in all weights and of degree 1 in each layer's.
 *
 * It is what the operations say that is asked, not what their numbers are: cancellations are not seen, so that undefined means "not known to be".
 *
 * @param scaled numbers of the inputs that are multiplied by c; all other inputs stay
 * Cost: one pass over the equations.
 * @example
 * const f = (V, W, x) => matmul(relu(matmul(x, W)), V);
 * const { program } = trace(f, [float64(4, 1), float64(3, 4), float64(2, 3)]);
 * homogeneity(program, [0, 1]).degree; // 2
 */
export function homogeneity(program: Program, scaled: readonly number[]): Homogeneity {
  const degrees = new Map<number, Degree>();
  const lost = new Map<number, PrimitiveName>();
  program.inputs.forEach((value, i) => degrees.set(value, scaled.includes(i) ? 1 : 0));
  for (const { value, data } of program.constants) degrees.set(value, isFixed(data) ? 'fixed' : 0);
  for (const equation of program.equations) {
    const inputs = equation.inputs.map((value) => degrees.get(value));
    const blamed = equation.inputs.find((value) => lost.has(value));
    const degree = blamed === undefined ? degreeAfter(equation, inputs) : undefined;
    degrees.set(equation.output, degree);
    if (blamed !== undefined) lost.set(equation.output, lost.get(blamed)!);
    else if (degree === undefined) lost.set(equation.output, equation.op);
  }
  const [output] = program.outputs;
  const degree = degrees.get(output);
  const because = lost.get(output);
  return { degree: degree === 'fixed' ? 0 : degree, ...(because === undefined ? {} : { because }) };
}

function isFixed(data: ArrayLike<number>): boolean {
  return Array.prototype.every.call(data, (x: number) => x === 0 || Math.abs(x) === Infinity);
}

/** Operations whose result has the degree that all operands have. */
const keeping: ReadonlySet<PrimitiveName> = new Set([
  ...(['add', 'sub', 'max', 'min', 'concatenate', 'neg', 'abs', 'relu', 'broadcast', 'reshape', 'transpose'] as const),
  ...(['slice', 'pad', 'reduceSum', 'reduceMax', 'im2col', 'col2im', 'averagePool', 'averageUnpool'] as const),
  ...(['convert', 'stopGradient'] as const),
]);
/** Products. */
const adding: ReadonlySet<PrimitiveName> = new Set([
  'mul',
  'matmul',
  'depthwise',
  'depthwiseInput',
  'depthwiseWeights',
]);
/** Operations that see only signs or order, which c > 0 leaves as they are. */
const blind: ReadonlySet<PrimitiveName> = new Set(['sign', 'step', 'greater', 'argsort', 'argmaxPool']);
/** Operations that take entries of the first operand at places that the others give. */
const taking: ReadonlySet<PrimitiveName> = new Set(['gatherRows', 'scatterRows', 'gatherFlat', 'scatterFlat']);
const powers: Partial<Record<PrimitiveName, number>> = { square: 2, sqrt: 0.5, rsqrt: -0.5, reciprocal: -1 };

function degreeAfter({ op, params }: Equation, inputs: readonly Degree[]): Degree {
  const [x, y] = inputs;
  if (op === 'full') return params.value === 0 ? 'fixed' : 0;
  if (op === 'convert' && params.dtype === 'int32') return x === 0 || x === 'fixed' ? 0 : undefined;
  if (keeping.has(op)) return common(inputs);
  if (adding.has(op)) return x === 'fixed' || y === 'fixed' ? 'fixed' : (x as number) + (y as number);
  if (blind.has(op)) return common(inputs) === undefined ? undefined : 0;
  // a condition is whether a number is 0
  if (op === 'select') return common(inputs.slice(1));
  if (taking.has(op)) return y === 0 || y === 'fixed' ? x : undefined;
  if (op === 'div') return x === 'fixed' ? x : y === 'fixed' ? undefined : (x as number) - (y as number);
  const power = powers[op];
  if (power !== undefined) return x === 'fixed' ? (power > 0 ? 'fixed' : undefined) : power * (x as number);
  const still = inputs.every((degree) => degree === 0 || degree === 'fixed');
  return still || (isUnary(op) && x === 0) ? 0 : undefined;
}

/** The degree that all have, numbers that have any left out. */
function common(degrees: readonly Degree[]): Degree {
  const known = degrees.filter((degree) => degree !== 'fixed');
  if (known.length === 0) return 'fixed';
  return known.every((degree) => degree === known[0]) ? known[0] : undefined;
}
