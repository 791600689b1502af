import { refuse, requireInteger, requireLength } from '@hyperribbon/contract';
import { exp } from '@hyperribbon/kernels';

/** Square roots of probabilities as 16-bit integers: √p is kept to 8e-6, whatever the size of p. */
const FULL = 65535;

/**
 * Square roots of probabilities as 16-bit integers, a quarter of the memory of float64: √p is kept to 8e-6, whatever the size of p.
 *
 * @param logProbabilities at least as many as `out` holds, ≤ 0, in nats
 * @returns out: round(65535 √p)
 * @example toAmplitudes([0, -Infinity], new Uint16Array(2)) // [65535, 0]
 */
export function toAmplitudes(logProbabilities: ArrayLike<number>, out: Uint16Array): Uint16Array {
  if (logProbabilities.length < out.length)
    refuse('toAmplitudes', `there must be ${out.length} log-probabilities, got ${logProbabilities.length}`);
  for (let i = 0; i < out.length; i++) out[i] = Math.round(FULL * exp(0.5 * logProbabilities[i]!));
  return out;
}

/**
 * Probabilities of each sample from its amplitudes, p = a²/Σa²: they sum to one again, to the rounding of float32.
 *
 * @param amplitudes (rows, classes) row-major; a row of zeros gives NaN
 * @param out (rows, classes); a view into shared memory, say
 * @throws ArgumentError for shapes that do not fit
 * @example toProbabilities(Uint16Array.of(3, 1), 2, new Float32Array(2)) // [0.9, 0.1]
 */
export function toProbabilities(amplitudes: Uint16Array, classes: number, out: Float32Array): Float32Array {
  requireInteger('toProbabilities', 'classes', classes, 1);
  requireLength('toProbabilities', 'amplitudes', amplitudes, [Math.ceil(amplitudes.length / classes), classes]);
  requireLength('toProbabilities', 'out', out, amplitudes.length);
  for (let row = 0; row < amplitudes.length; row += classes) {
    let sum = 0;
    for (let i = row; i < row + classes; i++) sum += amplitudes[i]! * amplitudes[i]!;
    for (let i = row; i < row + classes; i++) out[i] = (amplitudes[i]! * amplitudes[i]!) / sum;
  }
  return out;
}
