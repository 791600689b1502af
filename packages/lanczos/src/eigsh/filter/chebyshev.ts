import { floatArray } from '@hyperribbon/contract';
import { exp, log, type FloatArray } from '@hyperribbon/kernels';
import type { GuardedOperator } from '@hyperribbon/linop';

/**
 * The Chebyshev polynomial T of odd degree that maps [low, high] onto [−1, 1]: it rises steeply and monotonically above `high`, and being odd
 * likewise under `low`. So A has as many eigenvalues above t > high as T(A) has above T(t), and as many below t < low as T(A) has below T(t),
 * whatever lies elsewhere: claims about either end carry over, and with low = −high those about magnitudes.
 */
export interface ChebyshevFilter {
  readonly low: number;
  readonly high: number;
  readonly degree: number;
  /** +1: of A; −1: of −A */
  readonly sign: 1 | -1;
}

/** The odd degree at which T(value) is about e^growth, value > high. */
export function filterFor(low: number, high: number, value: number, growth: number, sign: 1 | -1): ChebyshevFilter {
  const x = (2 * value - low - high) / (high - low);
  const degree = Math.ceil(growth / arcosh(x));
  return { low, high, degree: Math.max(3, Math.min(1001, degree + ((degree + 1) % 2))), sign };
}

/** arcosh of the place of t outside (low, high), on the scale where [low, high] is [−1, 1], without its sign */
function angle({ low, high }: ChebyshevFilter, t: number): number {
  return arcosh(Math.abs(2 * t - low - high) / (high - low));
}

function arcosh(x: number): number {
  return log(x + Math.sqrt(Math.max(0, x * x - 1)));
}

/** T(t) for t outside (low, high). */
export function filterValue(filter: ChebyshevFilter, t: number): number {
  const u = filter.degree * angle(filter, t);
  return (Math.sign(2 * t - filter.low - filter.high) * (exp(u) + exp(-u))) / 2;
}

/** t outside (low, high) with T(t) = y, for |y| ≥ 1; the end of [low, high] on the side of y for less. */
export function filterInverse({ low, high, degree }: ChebyshevFilter, y: number): number {
  const x = Math.max(1, Math.abs(y));
  const u = arcosh(x) / degree;
  return (low + high) / 2 + Math.sign(y) * ((high - low) / 4) * (exp(u) + exp(-u));
}

/** T′(t) for t outside [low, high]. */
export function filterSlope(filter: ChebyshevFilter, t: number): number {
  const v = angle(filter, t);
  const u = filter.degree * v;
  return (((filter.degree * (exp(u) - exp(-u))) / (exp(v) - exp(-v))) * 2) / (filter.high - filter.low);
}

/**
 * Products with T(A): `degree` products of `inner` each, by the three-term recurrence, whose rounding stays near degree · eps · T.
 * Cost: degree products, 5 degree n flops, 3 n numbers.
 */
export function filteredProducts(inner: GuardedOperator, filter: ChebyshevFilter): GuardedOperator {
  const { size: n, dtype } = inner.op;
  const center = (filter.low + filter.high) / 2;
  const half = (filter.high - filter.low) / 2;
  const slope = filter.sign / half;
  const offset = center / half;
  const buffers = [floatArray(dtype, n), floatArray(dtype, n), floatArray(dtype, n)];
  return {
    op: inner.op,
    get matvecs() {
      return inner.matvecs;
    },
    set matvecs(value: number) {
      inner.matvecs = value;
    },
    async multiply(x: FloatArray): Promise<FloatArray> {
      let [before, now, next] = buffers;
      before.set(x);
      const first = await inner.multiply(before);
      for (let i = 0; i < n; i++) now[i] = slope * first[i] - offset * before[i];
      for (let j = 2; j <= filter.degree; j++) {
        const pending = inner.multiply(now);
        const product = pending instanceof Promise ? await pending : pending;
        for (let i = 0; i < n; i++) next[i] = 2 * (slope * product[i] - offset * now[i]) - before[i];
        [before, now, next] = [now, next, before];
      }
      return now;
    },
  };
}
