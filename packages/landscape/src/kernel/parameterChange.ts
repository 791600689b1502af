import { type FloatArray, refuse } from '@hyperribbon/contract';
import type { Network } from '@hyperribbon/nn';

/** How far weights moved. */
export interface ParameterChange {
  /** ‖w₁ − w₀‖ */
  readonly distance: number;
  /** ‖w₁ − w₀‖ / ‖w₀‖, null where w₀ is zero */
  readonly relative: number | null;
  /** √(Σ over arrays of the mean of Δ²), which weighs every array alike; absent without a network */
  readonly rootOfMeans?: number;
  /** Σ over arrays of ‖Δ‖; absent without a network */
  readonly sumOfNorms?: number;
}

/**
 * The change of weights in the measures of the published program of [goldblum2020].
 *
 * @param before, after flat weights (size,)
 * @param network whose arrays they are, for the measures by array
 * @throws ArgumentError for other lengths. Cost: one pass.
 * @example
 * parameterChange(net.init(1), run.params, net).relative;
 */
export function parameterChange(
  before: FloatArray,
  after: FloatArray,
  network?: Pick<Network, 'parameters' | 'size'>,
): ParameterChange {
  const caller = 'parameterChange';
  if (before.length !== after.length)
    refuse(caller, `before and after must be as long as each other, got ${before.length} and ${after.length}`);
  if (network !== undefined && network.size !== before.length)
    refuse(caller, `before must hold the network's ${network.size} weights, got ${before.length}`);
  const distance = lengthOf(before.length, (i) => after[i] - before[i]);
  const start = lengthOf(before.length, (i) => before[i]);
  const whole = { distance, relative: start === 0 ? null : distance / start };
  if (network === undefined) return whole;
  let [from, squares, sumOfNorms] = [0, 0, 0];
  for (const { shape } of network.parameters) {
    const size = shape.reduce((product, length) => product * length, 1);
    const first = from;
    const own = lengthOf(size, (i) => after[first + i] - before[first + i]);
    squares += (own * own) / Math.max(1, size);
    sumOfNorms += own;
    from += size;
  }
  return { ...whole, rootOfMeans: Math.sqrt(squares), sumOfNorms };
}

/** Euclidean length without overflow. */
function lengthOf(size: number, at: (i: number) => number): number {
  let most = 0;
  for (let i = 0; i < size; i++) {
    const value = Math.abs(at(i));
    if (!(value <= most)) most = value;
  }
  if (most === 0 || !Number.isFinite(most)) return most;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += (at(i) / most) * (at(i) / most);
  return most * Math.sqrt(sum);
}
