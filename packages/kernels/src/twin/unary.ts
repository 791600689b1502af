import type { KernelTable, UnaryName } from '../kernelTable.js';
import { atan } from '../scalar/atan.js';
import { erf, gaussian, gelu, normalCdf, normalPdf } from '../scalar/erf.js';
import { exp } from '../scalar/exp.js';
import { expm1 } from '../scalar/expm1.js';
import { digamma, lgamma, trigamma } from '../scalar/gamma.js';
import { asinh, logcosh, sech2, tanh } from '../scalar/hyperbolic.js';
import { log, log1p } from '../scalar/log.js';
import { logsigmoid, sigmoid, softplus } from '../scalar/sigmoid.js';
import { cos, sin } from '../scalar/sinCos.js';
import { logsigmoid32, sech2In32, sigmoid32, softplus32, tanh32 } from '../scalar32/activations32.js';
import { exp32, expm1In32 } from '../scalar32/exp32.js';
import { log1pIn32, log32 } from '../scalar32/log32.js';
import type { TwinMemory } from './twinMemory.js';

export type UnaryFunctions = Readonly<Record<UnaryName, (x: number) => number>>;

/** The scalar function behind each name, in float64. */
export const unaryFunctions: UnaryFunctions = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : x),
  step: (x) => (x > 0 ? 1 : 0),
  relu: (x) => (x > 0 ? x : x === x ? 0 : x),
  square: (x) => x * x,
  reciprocal: (x) => 1 / x,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  atan,
  asinh,
  tanh,
  sech2,
  sigmoid,
  softplus,
  logsigmoid,
  erf,
  gaussian,
  normalCdf,
  normalPdf,
  gelu,
  logcosh,
  lgamma,
  digamma,
  trigamma,
};

/**
 * The function behind each name for float32 storage: the ones that WebAssembly computes in float32 arithmetic do so here,
 * the others are float64 functions whose result the store rounds once.
 */
export const unaryFunctions32: UnaryFunctions = {
  ...unaryFunctions,
  rsqrt: (x) => 1 / Math.fround(Math.sqrt(x)),
  exp: exp32,
  expm1: expm1In32,
  log: log32,
  log1p: log1pIn32,
  tanh: tanh32,
  sech2: sech2In32,
  sigmoid: sigmoid32,
  softplus: softplus32,
  logsigmoid: logsigmoid32,
};

/** out ← f(x) for each name */
export function unaryTwins(memory: TwinMemory, functions: UnaryFunctions): KernelTable['unary'] {
  const { elements: a, shift } = memory;
  const map =
    (f: (x: number) => number) =>
    (n: number, x: number, out: number): void => {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = f(a[i + l]!);
    };
  const names = Object.keys(functions) as UnaryName[];
  return Object.fromEntries(names.map((name) => [name, map(functions[name])])) as unknown as KernelTable['unary'];
}
