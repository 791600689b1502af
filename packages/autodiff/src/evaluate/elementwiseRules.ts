import type { BinaryName, UnaryName } from '@hyperribbon/kernels';
import * as kernels from '@hyperribbon/kernels';
import { forEachName } from '../primitives/names.js';

/** Arithmetic is written out; all else is the scalar function of kernels with the same name. */
const functions = {
  ...kernels,
  neg: (x: number) => -x,
  abs: Math.abs,
  sign: Math.sign,
  step: (x: number) => (x > 0 ? 1 : 0),
  relu: (x: number) => (x < 0 ? 0 : x),
  square: (x: number) => x * x,
  reciprocal: (x: number) => 1 / x,
  sqrt: Math.sqrt,
  rsqrt: (x: number) => 1 / Math.sqrt(x),
};

export const unaryFunctions: Readonly<Record<UnaryName, (x: number) => number>> = forEachName(
  kernels.unaryNames,
  (name) => functions[name],
);

export const binaryFunctions: Readonly<Record<BinaryName, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  max: Math.max,
  min: Math.min,
  greater: (x, y) => (x > y ? 1 : 0),
  pow: kernels.pow,
};
