import type { FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';

/**
 * Standard normal numbers for optimisation, drawn once and handed out as windows at random places.
 *
 * Fresh numbers cost as much as a quarter of a step of a 784-600-2 network (88 ns each, 600 an example). Reuse makes the gradient's noise
 * slightly dependent between steps, which no bound notices; certification draws its own numbers afresh.
 */
export interface NoisePool {
  /** Fills the arrays for one step; the same step gets the same numbers. */
  fill(step: number, arrays: readonly FloatArray[]): void;
}

/** @param longest length of the longest array that will be asked for */
export function noisePool(seed: number, longest: number): NoisePool {
  const length = Math.max(1 << 20, 4 * longest);
  const pool = stream({ seed, purpose: 'bound/noise-pool' }).normal(new Float32Array(length));
  return {
    fill(step, arrays) {
      const places = stream({ seed, purpose: 'bound/noise', index: step });
      for (const array of arrays) {
        const from = places.integer(length - array.length + 1);
        array.set(pool.subarray(from, from + array.length));
      }
    },
  };
}
