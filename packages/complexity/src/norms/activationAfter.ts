import type { PrimitiveName } from '@hyperribbon/autodiff';
import { type ActivationConstants, constantsOfForm, unaryConstants } from './activationConstants.js';

/** A function of single numbers, written out. */
export interface Activation {
  /** such as `mul(x,sigmoid(x))`; constants are `#` */
  readonly text: string;
  /** at the places of # */
  readonly numbers: readonly number[];
  /** undefined: not known */
  readonly constants: ActivationConstants | undefined;
}

export const identity: Activation = {
  text: 'x',
  numbers: [],
  constants: { name: 'the identity', lipschitz: 1, fixesZero: true, homogeneous: true },
};

/** An operand: a function of x, constants between two limits, or what is made of parameters. */
export type Operand = Activation | { readonly low: number; readonly high: number } | 'parameters';

/** Binary and ternary operations that work number by number. */
const several: ReadonlySet<PrimitiveName> = new Set(['add', 'sub', 'mul', 'div', 'max', 'min', 'greater', 'select']);

/**
 * The function of single numbers after one more operation; undefined where the operation is none of single numbers, 'parameters' where it is, with an operand
 * that is made of parameters.
 */
export function activationAfter(
  op: PrimitiveName,
  operands: readonly Operand[],
): Activation | 'parameters' | undefined {
  const unary = Object.hasOwn(unaryConstants, op) || others.has(op);
  if (!unary && !several.has(op)) return undefined;
  if (operands.includes('parameters')) return 'parameters';
  const known = operands as readonly Exclude<Operand, 'parameters'>[];
  const text = `${op}(${known.map((operand) => ('text' in operand ? operand.text : '#')).join(',')})`;
  const numbers = known.flatMap((operand) =>
    'text' in operand ? operand.numbers : [operand.low === operand.high ? operand.low : NaN],
  );
  return { text, numbers, constants: constantsOfForm(text, numbers) ?? composed(op, known) };
}

/** Operations on single numbers that have no Lipschitz constant on the line, but stand in functions that do. */
const others: ReadonlySet<PrimitiveName> = new Set([
  'square',
  'exp',
  'expm1',
  'log1p',
  'sqrt',
  'rsqrt',
  'reciprocal',
  'step',
  'sign',
  'sech2',
  'gaussian',
  'normalPdf',
]);

/** From what is known of the operands. */
function composed(
  op: PrimitiveName,
  operands: readonly Exclude<Operand, 'parameters'>[],
): ActivationConstants | undefined {
  const functions = operands.flatMap((operand) => ('text' in operand ? [operand] : []));
  const constants = operands.flatMap((operand) => ('text' in operand ? [] : [operand]));
  const inner = functions.map((operand) => operand.constants);
  if (inner.includes(undefined)) return undefined;
  const [first, second] = inner as readonly ActivationConstants[];
  const outer = unaryConstants[op];
  if (outer !== undefined)
    return {
      name:
        first.lipschitz === 1 && first.name === identity.constants!.name
          ? outer.name
          : `${outer.name} of ${first.name}`,
      lipschitz: outer.lipschitz * first.lipschitz,
      fixesZero: outer.fixesZero && first.fixesZero,
      homogeneous: outer.homogeneous && first.homogeneous,
    };
  // a number chosen by constants: each result is one operand's
  if (op === 'select') return !('text' in operands[0]) && constants.length === 2 ? first : undefined;
  if (second !== undefined) return ofTwo(op, first, second);
  if (constants.length === 0) return undefined;
  const size = Math.max(Math.abs(constants[0].low), Math.abs(constants[0].high));
  const scaled = (factor: number): ActivationConstants => ({
    ...first,
    name: `a multiple of ${first.name}`,
    lipschitz: factor * first.lipschitz,
  });
  if (op === 'mul') return scaled(size);
  if (op === 'div' && operands[0] === functions[0] && constants[0].low * constants[0].high > 0)
    return scaled(1 / Math.min(Math.abs(constants[0].low), Math.abs(constants[0].high)));
  if (op === 'add' || op === 'sub')
    return {
      ...first,
      name: size === 0 ? first.name : `${first.name} with a shift`,
      fixesZero: first.fixesZero && size === 0,
      homogeneous: first.homogeneous && size === 0,
    };
  return undefined;
}

/** Sums stretch by both, the larger or smaller of two by the larger. */
function ofTwo(
  op: PrimitiveName,
  first: ActivationConstants,
  second: ActivationConstants,
): ActivationConstants | undefined {
  const name = `${op} of ${first.name} and ${second.name}`;
  const fixesZero = first.fixesZero && second.fixesZero;
  const homogeneous = first.homogeneous && second.homogeneous;
  if (op === 'add' || op === 'sub')
    return { name, lipschitz: first.lipschitz + second.lipschitz, fixesZero, homogeneous };
  if (op === 'max' || op === 'min')
    return { name, lipschitz: Math.max(first.lipschitz, second.lipschitz), fixesZero, homogeneous };
  return undefined;
}
