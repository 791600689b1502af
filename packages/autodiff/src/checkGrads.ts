import { requireInteger, requireNoOthers } from '@hyperribbon/contract';
import { type DataArray, dtypeOf } from './dataArray.js';
import { argumentArrays, type ArrayValue } from './evaluate/evaluateFunction.js';
import { evaluate } from './evaluate/evaluate.js';
import { promote } from './evaluate/promote.js';
import type { Program, Spec } from './program.js';
import { isFloat, sizeOf } from './specs.js';
import { simplify } from './simplify/simplify.js';
import { type TensorFunction, trace } from './trace/trace.js';
import type { Tree } from './trace/tree.js';
import { floatInputs, jvpProgram } from './transforms/jvp.js';
import { vjpProgram } from './transforms/vjp.js';

export type Mode = 'jvp' | 'vjp';

export interface CheckGradsOptions {
  /** default both */
  readonly modes?: readonly Mode[];
  /** highest order of derivative, ≥ 1; each order is checked in every combination of modes. Default 2 */
  readonly order?: number;
  /** chooses the directions; default 1 */
  readonly seed?: number;
  /** accepted |computed − difference| relative to 1 + |difference|; default 1e-6, with float32 arguments 2e-4 */
  readonly tol?: number;
}

export interface GradientCheck {
  /** 'vjp of jvp': the derivative that was checked, outermost first */
  readonly derivative: string;
  readonly computed: number;
  readonly difference: number;
  /** |computed − difference| / (1 + |difference|); NaN if either is NaN */
  readonly error: number;
  readonly passed: boolean;
}

export interface GradientReport {
  readonly passed: boolean;
  /** the check with the largest error */
  readonly worst: GradientCheck;
  readonly checks: readonly GradientCheck[];
}

/**
 * Compares derivatives of a function with central differences in random directions, order by order.
 *
 * For random v and w, ⟨w, J v⟩ (mode jvp) and ⟨Jᵀw, v⟩ (mode vjp) are compared with
 * (⟨w, f(x + h v)⟩ − ⟨w, f(x − h v)⟩)/2h, h = 6e-6 max(1, |x|)/|v|; then the derivative itself takes the place of f. The
 * differences are computed in float64 also for float32 arguments.
 *
 * @param f function of tensor trees, smooth near the arguments
 * @param args one tree of numbers per argument
 * @returns every comparison; nothing throws when one fails
 * @example checkGrads(logSumExp, [[0.3, -1, 2]]).passed; // true
 */
export function checkGrads(
  f: TensorFunction,
  args: readonly Tree<ArrayValue>[],
  options: CheckGradsOptions = {},
): GradientReport {
  const { modes = ['jvp', 'vjp'], order = 2, seed = 1, tol: asked, ...others } = options;
  requireNoOthers('checkGrads', others, 'CheckGradsOptions');
  requireInteger('checkGrads', 'order', order, 1);
  const { values: point, specs } = argumentArrays('checkGrads', args);
  const single = point.some((x) => dtypeOf(x) === 'float32');
  const tol = asked ?? (single ? 2e-4 : 1e-6);
  const next = generator(seed);
  const checks: GradientCheck[] = [];
  const visit = (program: Program, x: readonly DataArray[], derivative: string, left: number): void => {
    for (const mode of modes) {
      const name = derivative === '' ? mode : `${mode} of ${derivative}`;
      const { computed, difference, ...step } = compare(program, x, mode, next);
      const error = Math.abs(computed - difference) / (1 + Math.abs(difference));
      checks.push({ derivative: name, computed, difference, error, passed: error <= tol });
      if (left > 1) visit(step.program, step.point, name, left - 1);
    }
  };
  visit(simplify(trace(f, specs).program), point, '', order);
  const worst = checks.reduce((a, b) => (b.error <= a.error ? a : b));
  return { passed: checks.every(({ passed }) => passed), worst, checks };
}

interface Comparison {
  readonly computed: number;
  readonly difference: number;
  /** the derivative as a function of the point and the direction, and where it was taken */
  readonly program: Program;
  readonly point: readonly DataArray[];
}

function compare(program: Program, x: readonly DataArray[], mode: Mode, next: () => number): Comparison {
  const wrt = floatInputs(program);
  const outputs = program.outputs.map((value) => program.values[value]);
  const randomLike = (specs: readonly Spec[]): DataArray[] =>
    specs.map(({ shape, dtype }) => {
      const numbers = Float64Array.from({ length: sizeOf(shape) }, next);
      return dtype === 'float32' ? Float32Array.from(numbers) : numbers;
    });
  const v = randomLike(wrt.map((i) => program.values[program.inputs[i]]));
  const w = randomLike(outputs).map((array, i) => (isFloat(outputs[i].dtype) ? array : array.fill(0)));
  const whole = mode === 'jvp' ? jvpProgram(program, { wrt }) : vjpProgram(program, { wrt });
  const derivative = simplify({ ...whole, outputs: whole.outputs.slice(outputs.length) });
  const point = [...x, ...(mode === 'jvp' ? v : w)];
  const computed = inner(evaluate(derivative, point), mode === 'jvp' ? w : v);
  return { computed, difference: centralDifference(program, x, wrt, v, w), program: derivative, point };
}

/** (⟨w, f(x + h v)⟩ − ⟨w, f(x − h v)⟩)/2h in float64 */
function centralDifference(
  program: Program,
  x: readonly DataArray[],
  wrt: readonly number[],
  v: readonly DataArray[],
  w: readonly DataArray[],
): number {
  const wide = promote(program);
  const h = (6e-6 * Math.max(1, largest(wrt.map((i) => x[i])))) / largest(v);
  const along = (t: number): number => {
    const moved = x.map((array, i): DataArray => {
      if (dtypeOf(array) === 'int32') return array;
      return Float64Array.from(array, (value, k) => value + t * v[wrt.indexOf(i)][k]);
    });
    return inner(evaluate(wide, moved), w);
  };
  return (along(h) - along(-h)) / (2 * h);
}

function largest(arrays: readonly DataArray[]): number {
  let most = 0;
  for (const array of arrays) for (const x of array) most = Math.max(most, Math.abs(x));
  return most;
}

function inner(a: readonly DataArray[], b: readonly DataArray[]): number {
  let total = 0;
  a.forEach((x, i) => x.forEach((value: number, k: number) => (total += value * b[i][k])));
  return total;
}

/** Numbers in [−1, 1) of a linear congruential sequence: directions need no better randomness. */
function generator(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}
