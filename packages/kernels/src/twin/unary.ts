import type { KernelTable, UnaryName } from '../modules/kernelTable.js';
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

type Unary = KernelTable['unary'];
type OwnName = 'exp' | 'expm1' | 'log' | 'log1p' | 'tanh' | 'sech2' | 'sigmoid' | 'softplus' | 'logsigmoid';

/**
 * out ← f(x) for each name. One written-out loop per function: a loop that takes f as an argument boxes every number
 * (16 ns per element where the loop of its own takes 1).
 */
export function unaryTwins(memory: TwinMemory): Unary {
  return { ...commonTwins(memory), ...(memory.shift === 2 ? ownTwins32(memory) : ownTwins64(memory)) };
}

/** what both types compute in float64 and round once, at the store */
function commonTwins(memory: TwinMemory): Pick<Unary, Exclude<UnaryName, OwnName>> {
  const { elements: a, shift, round } = memory;
  return {
    neg(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = -a[i + l]!;
    },
    abs(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = Math.abs(a[i + l]!);
    },
    sign(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = signOf(a[i + l]!);
    },
    step(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = a[i + l]! > 0 ? 1 : 0;
    },
    relu(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = reluOf(a[i + l]!);
    },
    square(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = a[i + l]! * a[i + l]!;
    },
    reciprocal(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = 1 / a[i + l]!;
    },
    sqrt(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = Math.sqrt(a[i + l]!);
    },
    rsqrt(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = 1 / round(Math.sqrt(a[i + l]!));
    },
    sin(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = sin(a[i + l]!);
    },
    cos(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = cos(a[i + l]!);
    },
    atan(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = atan(a[i + l]!);
    },
    asinh(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = asinh(a[i + l]!);
    },
    erf(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = erf(a[i + l]!);
    },
    gaussian(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = gaussian(a[i + l]!);
    },
    normalCdf(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = normalCdf(a[i + l]!);
    },
    normalPdf(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = normalPdf(a[i + l]!);
    },
    gelu(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = gelu(a[i + l]!);
    },
    logcosh(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = logcosh(a[i + l]!);
    },
    lgamma(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = lgamma(a[i + l]!);
    },
    digamma(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = digamma(a[i + l]!);
    },
    trigamma(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = trigamma(a[i + l]!);
    },
  };
}

function ownTwins64(memory: TwinMemory): Pick<Unary, OwnName> {
  const { elements: a, shift } = memory;
  return {
    exp(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = exp(a[i + l]!);
    },
    expm1(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = expm1(a[i + l]!);
    },
    log(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = log(a[i + l]!);
    },
    log1p(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = log1p(a[i + l]!);
    },
    tanh(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = tanh(a[i + l]!);
    },
    sech2(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = sech2(a[i + l]!);
    },
    sigmoid(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = sigmoid(a[i + l]!);
    },
    softplus(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = softplus(a[i + l]!);
    },
    logsigmoid(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = logsigmoid(a[i + l]!);
    },
  };
}

/** what WebAssembly computes in float32 arithmetic */
function ownTwins32(memory: TwinMemory): Pick<Unary, OwnName> {
  const { elements: a, shift } = memory;
  return {
    exp(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = exp32(a[i + l]!);
    },
    expm1(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = expm1In32(a[i + l]!);
    },
    log(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = log32(a[i + l]!);
    },
    log1p(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = log1pIn32(a[i + l]!);
    },
    tanh(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = tanh32(a[i + l]!);
    },
    sech2(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = sech2In32(a[i + l]!);
    },
    sigmoid(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = sigmoid32(a[i + l]!);
    },
    softplus(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = softplus32(a[i + l]!);
    },
    logsigmoid(n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
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
