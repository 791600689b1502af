import { requireFloatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { boxMuller } from './boxMuller.js';
import { openSource, type StreamOptions } from './openSource.js';
import type { WordSource } from './wordSource.js';

/**
 * Fills `out` with the first normal numbers of a stream: `stream(options).normal(out)`, without what else a stream can do, for pages that count their bytes.
 *
 * @throws ArgumentError, ArgumentTypeError as stream
 * @example
 * const x = normals({ seed: 7, purpose: 'krylov', index: 3 }, new Float64Array(1000));
 */
export function normals<A extends FloatArray>(options: StreamOptions, out: A): A {
  requireFloatArray('normals', 'out', out);
  const source = openSource('normals', options);
  const filled = fillPairs(source, out, 0);
  if (filled < out.length) {
    const pair = new Float64Array(2);
    fillPairs(source, pair, 0);
    out[filled] = pair[0];
  }
  return out;
}

/** Normal numbers, two at a time, from out[i] on while two have room. @returns the first place without one */
export function fillPairs(source: WordSource, out: FloatArray, i: number): number {
  while (out.length - i >= 2) {
    const pairs = Math.min((out.length - i) >> 1, 256);
    source.reserve(4 * pairs);
    boxMuller(source.buffer, source.cursor, pairs, out, i);
    source.cursor += 4 * pairs;
    i += 2 * pairs;
  }
  return i;
}
