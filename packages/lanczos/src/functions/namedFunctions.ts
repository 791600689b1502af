import { refuseType, requireOneOf } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';

/** Functions that have a name; any other is given as a function of a number. */
export type FunctionName = 'exp' | 'sqrt' | 'inverse' | 'inverse-sqrt' | 'log';

const NAMES = ['exp', 'sqrt', 'inverse', 'inverse-sqrt', 'log'] as const;

/** f at an eigenvalue; what lies within `resolution` of zero cannot be told from it. */
export type ResolvedFunction = (x: number, resolution: number) => number;

/** @throws ArgumentError, ArgumentTypeError for what is neither a name nor a function */
export function resolveFunction(caller: string, f: FunctionName | ((x: number) => number)): ResolvedFunction {
  if (typeof f === 'function') return (x) => f(x);
  if (typeof f !== 'string') refuseType(caller, 'f', 'a function of a number or the name of one', f);
  requireOneOf(caller, 'f', f, NAMES);
  if (f === 'exp') return (x) => exp(x);
  // a positive semidefinite operator has values below zero by rounding alone
  if (f === 'sqrt') return (x, resolution) => (x > 0 ? Math.sqrt(x) : x >= -2 * resolution ? 0 : Number.NaN);
  if (f === 'inverse') return (x) => 1 / x;
  if (f === 'inverse-sqrt') return (x) => (x > 0 ? 1 / Math.sqrt(x) : Number.NaN);
  return (x) => (x > 0 ? log(x) : Number.NaN);
}
