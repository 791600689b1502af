import { exp } from '@hyperribbon/kernels';

/** Square roots of probabilities as 16-bit integers: √p is kept to 8e-6, whatever the size of p. */
const full = 65535;

/** log p (any length) → round(65535 √p), written to `out`. */
export function toAmplitudes(logProbabilities: ArrayLike<number>, out: Uint16Array): Uint16Array {
  for (let i = 0; i < out.length; i++) out[i] = Math.round(full * exp(0.5 * logProbabilities[i]));
  return out;
}

/**
 * Probabilities of each sample from its amplitudes, p = a²/Σa²: they sum to one again, to the rounding of float32.
 *
 * @param amplitudes (rows, classes) row-major
 * @param out (rows, classes); a view into shared memory, say
 */
export function toProbabilities(amplitudes: Uint16Array, classes: number, out: Float32Array): Float32Array {
  for (let row = 0; row < amplitudes.length; row += classes) {
    let sum = 0;
    for (let i = row; i < row + classes; i++) sum += amplitudes[i] * amplitudes[i];
    for (let i = row; i < row + classes; i++) out[i] = (amplitudes[i] * amplitudes[i]) / sum;
  }
  return out;
}
