import type { FloatArray } from '@hyperribbon/kernels/linear';
import { guardOperator, type GuardedOperator, type LinearOperator } from '@hyperribbon/linop';
import { exponentOf, maxAbs, scaleByPower, timesPower } from '../dense/powerOfTwo.js';

// squares of numbers up to 2^200, and their sums, neither overflow nor vanish
const PLAIN = 200;

/**
 * Products out ← 2^−e (A − shift) x in float64, e such that they are near the size of x: it is read off the first product, and 0 unless squares of the numbers of A
 * would over- or underflow.
 */
export class ScaledProduct {
  /** e, once there was a product that is not zero */
  exponent: number | undefined;
  readonly #guard: GuardedOperator;
  readonly #shift: number;
  readonly #plain: number;
  readonly #rounded: FloatArray | undefined;

  /** @param plain |e| up to which products stay as they are */
  constructor(op: LinearOperator, caller: string, signal: AbortSignal | undefined, shift = 0, plain: number = PLAIN) {
    this.#guard = guardOperator(op, 1, caller, signal);
    this.#shift = shift;
    this.#plain = plain;
    if (op.dtype === 'float32') this.#rounded = new Float32Array(op.size);
  }

  get matvecs(): number {
    return this.#guard.matvecs;
  }

  async multiply(x: Float64Array, out: Float64Array): Promise<Float64Array> {
    this.#rounded?.set(x);
    const y = await this.#guard.multiply(this.#rounded ?? x);
    if (this.exponent === undefined) {
      const size = Math.max(maxAbs(y), Math.abs(this.#shift) * maxAbs(x));
      const e = exponentOf(size) - exponentOf(maxAbs(x));
      if (size > 0) this.exponent = Math.abs(e) <= this.#plain ? 0 : e;
    }
    const e = this.exponent ?? 0;
    if (e === 0) {
      for (let i = 0; i < out.length; i++) out[i] = y[i] - this.#shift * x[i];
      return out;
    }
    const shift = timesPower(this.#shift, -e);
    out.set(y);
    scaleByPower(out, -e);
    if (shift !== 0) for (let i = 0; i < out.length; i++) out[i] -= shift * x[i];
    return out;
  }
}
