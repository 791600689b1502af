import type { BinaryName, UnaryName } from '@hyperribbon/kernels';

/** Every elementwise primitive of one argument; a name missing here is a type error. */
const unary: Readonly<Record<UnaryName, true>> = {
  neg: true,
  abs: true,
  sign: true,
  step: true,
  relu: true,
  square: true,
  reciprocal: true,
  sqrt: true,
  rsqrt: true,
  exp: true,
  expm1: true,
  log: true,
  log1p: true,
  sin: true,
  cos: true,
  atan: true,
  asinh: true,
  tanh: true,
  sech2: true,
  sigmoid: true,
  softplus: true,
  logsigmoid: true,
  erf: true,
  gaussian: true,
  normalCdf: true,
  normalPdf: true,
  gelu: true,
  logcosh: true,
  lgamma: true,
  digamma: true,
  trigamma: true,
};

const binary: Readonly<Record<BinaryName, true>> = {
  add: true,
  sub: true,
  mul: true,
  div: true,
  max: true,
  min: true,
  greater: true,
  pow: true,
};

export const unaryNames: readonly UnaryName[] = Object.keys(unary) as UnaryName[];
export const binaryNames: readonly BinaryName[] = Object.keys(binary) as BinaryName[];

export function isUnary(op: string): op is UnaryName {
  return Object.hasOwn(unary, op);
}

export function isBinary(op: string): op is BinaryName {
  return Object.hasOwn(binary, op);
}

/** One entry per name: the tables of rules are built with it. */
export function forEachName<Name extends string, Rule>(
  names: readonly Name[],
  rule: (name: Name) => Rule,
): Record<Name, Rule> {
  return Object.fromEntries(names.map((name) => [name, rule(name)])) as Record<Name, Rule>;
}
