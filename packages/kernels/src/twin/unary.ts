import type { KernelTable } from '../modules/kernelTable.js';
import type { UnaryName } from '../modules/names.js';
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

type OwnName = 'exp' | 'expm1' | 'log' | 'log1p' | 'tanh' | 'sech2' | 'sigmoid' | 'softplus' | 'logsigmoid';
/** a[o + l] ← f(a[i + l]) for l < n: places are counted in elements */
type Loop = (n: number, i: number, o: number) => void;

/**
 * out ← f(x) for each name. One written-out loop per function: a loop that takes f as an argument boxes every number
 * (16 ns per element where the loop of its own takes 1).
 */
export function unaryTwins(memory: TwinMemory): KernelTable['unary'] {
  const { shift } = memory;
  const loops: Readonly<Record<UnaryName, Loop>> = {
    ...arithmeticLoops(memory),
    ...angleLoops(memory),
    ...normalLoops(memory),
    ...gammaLoops(memory),
    ...(shift === 2 ? exponentialLoops32(memory) : exponentialLoops64(memory)),
  };
  const kernels = Object.entries(loops).map(([name, loop]) => [
    name,
    (n: number, x: number, out: number): void => loop(n, x >>> shift, out >>> shift),
  ]);
  return Object.fromEntries(kernels) as KernelTable['unary'];
}

/** exact but for one rounding */
function arithmeticLoops({
  elements: a,
  round,
}: TwinMemory): Record<'neg' | 'abs' | 'sign' | 'step' | 'relu' | 'square' | 'reciprocal' | 'sqrt' | 'rsqrt', Loop> {
  return {
    neg(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = -a[i + l]!;
    },
    abs(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = Math.abs(a[i + l]!);
    },
    sign(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = signOf(a[i + l]!);
    },
    step(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = a[i + l]! > 0 ? 1 : 0;
    },
    relu(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = reluOf(a[i + l]!);
    },
    square(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = a[i + l]! * a[i + l]!;
    },
    reciprocal(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = 1 / a[i + l]!;
    },
    sqrt(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = Math.sqrt(a[i + l]!);
    },
    rsqrt(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = 1 / round(Math.sqrt(a[i + l]!));
    },
  };
}

/** angles, and their hyperbolic kin */
function angleLoops({ elements: a }: TwinMemory): Record<'sin' | 'cos' | 'atan' | 'asinh' | 'logcosh', Loop> {
  return {
    sin(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = sin(a[i + l]!);
    },
    cos(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = cos(a[i + l]!);
    },
    atan(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = atan(a[i + l]!);
    },
    asinh(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = asinh(a[i + l]!);
    },
    logcosh(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = logcosh(a[i + l]!);
    },
  };
}

/** the normal distribution */
function normalLoops({
  elements: a,
}: TwinMemory): Record<'erf' | 'gaussian' | 'normalCdf' | 'normalPdf' | 'gelu', Loop> {
  return {
    erf(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = erf(a[i + l]!);
    },
    gaussian(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = gaussian(a[i + l]!);
    },
    normalCdf(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = normalCdf(a[i + l]!);
    },
    normalPdf(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = normalPdf(a[i + l]!);
    },
    gelu(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = gelu(a[i + l]!);
    },
  };
}

/** ln Γ and its derivatives */
function gammaLoops({ elements: a }: TwinMemory): Record<'lgamma' | 'digamma' | 'trigamma', Loop> {
  return {
    lgamma(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = lgamma(a[i + l]!);
    },
    digamma(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = digamma(a[i + l]!);
    },
    trigamma(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = trigamma(a[i + l]!);
    },
  };
}

/** what is computed in float64 and rounded once, at the store */
function exponentialLoops64({ elements: a }: TwinMemory): Record<OwnName, Loop> {
  return {
    exp(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = exp(a[i + l]!);
    },
    expm1(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = expm1(a[i + l]!);
    },
    log(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = log(a[i + l]!);
    },
    log1p(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = log1p(a[i + l]!);
    },
    tanh(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = tanh(a[i + l]!);
    },
    sech2(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = sech2(a[i + l]!);
    },
    sigmoid(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = sigmoid(a[i + l]!);
    },
    softplus(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = softplus(a[i + l]!);
    },
    logsigmoid(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = logsigmoid(a[i + l]!);
    },
  };
}

/** what WebAssembly computes in float32 arithmetic */
function exponentialLoops32({ elements: a }: TwinMemory): Record<OwnName, Loop> {
  return {
    exp(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = exp32(a[i + l]!);
    },
    expm1(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = expm1In32(a[i + l]!);
    },
    log(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = log32(a[i + l]!);
    },
    log1p(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = log1pIn32(a[i + l]!);
    },
    tanh(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = tanh32(a[i + l]!);
    },
    sech2(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = sech2In32(a[i + l]!);
    },
    sigmoid(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = sigmoid32(a[i + l]!);
    },
    softplus(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = softplus32(a[i + l]!);
    },
    logsigmoid(n, i, o) {
      for (let l = 0; l < n; l++) a[o + l] = logsigmoid32(a[i + l]!);
    },
  };
}

function signOf(x: number): number {
  return x > 0 ? 1 : x < 0 ? -1 : x;
}

/** keeps NaN, turns −0 into +0 */
function reluOf(x: number): number {
  return x > 0 ? x : x === x ? 0 : x;
}
