import { stream, type RandomStream } from '@hyperribbon/random';
import { maxAbs } from '../dense.js';
import type { Field } from './gaussStages.js';

const EPS = 2.220446049250313e-16;
/** step times rate of one application of the Taylor polynomial of degree 3, which is stable up to 2.5 */
const REACH = 1.5;
const MOST_PARTS = 64;

/** J(y) d for the derivative J of the field at y, where the field is f0: out. */
export type Slope = (y: Float64Array, f0: Float64Array, d: Float64Array, out: Float64Array) => void;

/**
 * How far rounding may have moved a state y' = f(y): a perturbation of eps·max |y| joins at every step and is carried along by the
 * linearised flow. Near a saddle it grows with the rates that lead away, and where it reaches the size of the state it is rounding that
 * chose the way.
 *
 * Entries that are 0 and do not move are not perturbed: exact zeros are not rounded. Cost: 3 evaluations of the field per e^1.5 of the
 * fastest rate, up to 12 a step. The size is meant, not digits: J is taken once a step, at its start.
 */
export class RoundingGrowth {
  /** evaluations of the field */
  evaluations = 0;
  /** largest |δ|/max |y| so far, at most 1; both maxima over entries and over the time passed */
  worst = 0;
  #largest = 0;
  readonly #slope: Slope;
  readonly #noise: RandomStream = stream({ seed: 0, purpose: 'rounding-growth' });
  readonly #drawn: Float64Array;
  readonly #delta: Float64Array;
  readonly #next: Float64Array;
  readonly #powers: readonly [Float64Array, Float64Array, Float64Array];

  constructor(slope: Slope, n: number) {
    this.#slope = slope;
    const room = (): Float64Array => new Float64Array(n);
    [this.#drawn, this.#delta, this.#next] = [room(), room(), room()];
    this.#powers = [room(), room(), room()];
  }

  /** Over a step from y with f(y) = f0; `fastest` is the fastest rate known. */
  advance(y: Float64Array, f0: Float64Array, step: number, fastest: number): void {
    const size = maxAbs(y);
    const delta = this.#delta;
    this.#noise.normal(this.#drawn);
    for (let k = 0; k < y.length; k++) if (y[k] !== 0 || f0[k] !== 0) delta[k]! += EPS * size * this.#drawn[k]!;
    let part = 1 / Math.min(MOST_PARTS, 1 + Math.floor((step * fastest) / REACH));
    for (let left = 1; left > part / 2; ) {
      const growth = this.#part(y, f0, part * step);
      if (growth > 2 && part > 1 / MOST_PARTS) {
        part /= 2;
        continue;
      }
      delta.set(this.#next);
      left -= part;
    }
    this.#largest = Math.max(this.#largest, size);
    const share = maxAbs(delta) / this.#largest;
    if (this.#largest > 0) this.worst = Math.max(this.worst, share < 1 ? share : 1);
  }

  /** next ← (1 + hJ + (hJ)²/2 + (hJ)³/6) δ; returns the largest factor by which an hJ in it lengthened its argument. */
  #part(y: Float64Array, f0: Float64Array, h: number): number {
    const next = this.#next;
    next.set(this.#delta);
    let from = this.#delta;
    let growth = 0;
    this.#powers.forEach((to, i) => {
      const before = maxAbs(from);
      if (before > 0) this.#slope(y, f0, from, to);
      else to.fill(0);
      this.evaluations++;
      if (before > 0) growth = Math.max(growth, (h * maxAbs(to)) / before);
      // (hJ)ⁱ δ/i!
      for (let k = 0; k < next.length; k++) next[k]! += to[k]! *= h / (i + 1);
      from = to;
    });
    return growth;
  }
}

/** J(y) d by a difference of two values of the field, `reach` apart in their largest entry (by default 1e-7 max |y|). */
export function differenceSlope(field: Field, n: number, reach?: number): Slope {
  const at = new Float64Array(n);
  return (y, f0, d, out) => {
    const h = (reach ?? 1e-7 * maxAbs(y)) / maxAbs(d);
    if (!(h > 0)) return void out.fill(0);
    for (let k = 0; k < n; k++) at[k] = y[k]! + h * d[k]!;
    field(at, out);
    for (let k = 0; k < n; k++) out[k] = (out[k]! - f0[k]!) / h;
  };
}
