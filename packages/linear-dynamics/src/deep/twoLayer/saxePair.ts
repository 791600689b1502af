import { requireEach, requireFinite, requirePositive } from '@hyperribbon/contract';
import { exp, expm1 } from '@hyperribbon/kernels';
import { balancedPair } from '../dense.js';
import { type ScalarLimit, sigmoidMode } from './saxeMode.js';
import { timesOf } from '../../vectors.js';

/** Two scalar layers f(x) = b a x that need not be balanced. */
export interface SaxePair {
  /** s, any sign */
  readonly singularValue: number;
  /** a_0, weight of the first layer */
  readonly input: number;
  /** b_0, weight of the second layer */
  readonly output: number;
  /** τ > 0 (default 1) */
  readonly learningTime?: number;
}

/** Both weights of a pair at each time, their product, and what is conserved. */
export interface SaxePairCurve extends ScalarLimit {
  /** a(t), (times,) */
  readonly inputs: Float64Array;
  /** b(t), (times,) */
  readonly outputs: Float64Array;
  /** a(t) b(t), (times,) */
  readonly products: Float64Array;
  /** K = b_0² − a_0², conserved */
  readonly conserved: number;
}

/**
 * Two scalar layers from any start: τ a' = b (s − a b), τ b' = a (s − a b), with K = b² − a² conserved.
 *
 * For |b| > |a| the ratio z = a/b = tanh(θ/2) obeys τ z' = s (1 − z²) − K z, whose solution is a ratio of decaying
 * exponentials (R = √(K² + 4 s²), E = e^{−Rt/τ}); b² = K/(1 − z²). 1 + z and (1 − z)/K are written as sums of positive terms, so
 * nothing cancels and K → 0 gives the sigmoid. No complex artanh is needed, also where the product overshoots.
 * @throws ArgumentError for a parameter that is not finite
 * Cost: one exponential per time.
 * Source: hyperbolic solution of [saxe2014] from memory, checked numerically against integration; the form in z is derived here.
 * @example saxePair({ singularValue: 3, input: 0.3, output: 1.1 }, [4]).products // Float64Array [3.000...]
 */
export function saxePair(pair: SaxePair, times: ArrayLike<number>): SaxePairCurve {
  const { singularValue, input, output, learningTime = 1 } = pair;
  requireEach(requireFinite, 'saxePair', { singularValue, input, output });
  requirePositive('saxePair', 'learningTime', learningTime);
  const at = timesOf('saxePair', times);

  // symmetries: a ↔ b, (a, b) → −(a, b), (a, s) → −(a, s)
  const swapped = Math.abs(input) > Math.abs(output);
  const signS = singularValue < 0 ? -1 : 1;
  const [small, large] = swapped ? [output, input] : [input, output];
  const sign = large < 0 ? -1 : 1;
  const s = signS * singularValue;
  const a0 = signS * sign * small;
  const b0 = sign * large;
  const smaller = new Float64Array(at.length);
  const larger = new Float64Array(at.length);
  at.forEach((t, i) => {
    const [a, b] = t === 0 ? [a0, b0] : pairAt(s, a0, b0, t / learningTime);
    smaller[i] = signS * sign * a;
    larger[i] = sign * b;
  });
  const [inputs, outputs] = swapped ? [larger, smaller] : [smaller, larger];
  const reason = s === 0 ? 'target' : b0 === 0 ? 'at-saddle' : a0 === -b0 ? 'wrong-sign' : 'target';
  return {
    inputs,
    outputs,
    products: inputs.map((a, i) => a * outputs[i]!),
    conserved: (output - input) * (output + input),
    learns: reason === 'target',
    reason,
  };
}

/** a b = s with b² − a² conserved, or the saddle that a start with a = −b comes to. */
function pairLimit(s: number, a0: number, b0: number): readonly [number, number] {
  if (a0 === -b0) return [0, 0];
  const half = Math.sqrt(b0 - a0) * Math.sqrt(b0 + a0); // √K, K may underflow
  const b = Math.sqrt(balancedPair(s * s, half * half)[0]);
  return s === 0 ? [0, half] : [s / b, b];
}

const TINY = 1e-140;

/** s >= 0, b0 >= |a0| */
function pairAt(s: number, a0: number, b0: number, x: number): readonly [number, number] {
  if (b0 === 0) return [0, 0];
  if (x === Infinity) return pairLimit(s, a0, b0);
  if (b0 < TINY) {
    // b0² underflows: the equation is linear until the weights have grown by e^200
    if (s === 0) return [a0, b0];
    const step = Math.min(x, 200 / s);
    const [up, down] = [((a0 + b0) / 2) * exp(s * step), ((b0 - a0) / 2) * exp(-s * step)];
    return step < x ? pairAt(s, up - down, up + down, x - step) : [up - down, up + down];
  }
  const K = (b0 - a0) * (b0 + a0);
  if (K === 0) {
    // |a| = |b|: b² is the size of a balanced mode, which goes to s or to 0
    const mode = sigmoidMode(s, a0 < 0 && s > 0 ? -b0 * b0 : b0 * b0, x);
    const b = Math.sqrt(Math.abs(mode));
    return [a0 < 0 ? -b : b, b];
  }
  const [more, less] = K > 2 * s ? [K, (2 * s) / K] : [2 * s, K / (2 * s)];
  const R = more * Math.sqrt(1 + less * less); // √(K² + 4 s²) without underflow
  const [E, G] = [exp(-R * x), -expm1(-R * x)]; // G = 1 − E
  const fixed = (2 * s) / (K + R); // z₊
  const excess = 1 + K / (R + 2 * s); // (1 − z₊)(K + R)/K
  const [wFixed, w0] = [excess / (K + R), 1 / (b0 * (b0 + a0))]; // (1 − z)/K at z₊ and at z_0
  const onePlus0 = (b0 + a0) / b0; // 1 + z_0
  const D = s * onePlus0 + (K * excess) / 2; // s (z_0 − z₋)
  const H = s * fixed + (K + R) / 2; // s (z₊ − z₋)
  // every term is positive: nothing cancels
  const den = G * D + E * H;
  const oneMinus = (G * wFixed * D + E * w0 * H) / den; // (1 − z)/K
  const onePlus = (((1 + fixed) * G + E * onePlus0) * ((K * excess) / 2) + s * onePlus0 * (1 + fixed)) / den;
  const b = Math.sqrt(1 / (oneMinus * onePlus));
  const z = a0 >= 0 ? 1 - K * oneMinus : onePlus - 1;
  return [z * b, b];
}
