import { refuseType, requireSeed } from '@hyperribbon/contract';
import { fnv1a64 } from './fnv1a64.js';
import { philoxBlocks } from './philox.js';
import { WordSource } from './wordSource.js';

const TWO32 = 0x1_0000_0000;

/** What names a stream: equal names give equal numbers, different names independent ones. */
export interface StreamOptions {
  /** integer in [0, 2⁵³ − 1]; all 53 bits count */
  readonly seed: number;
  /** what the numbers are for, such as 'probe' or 'init': draws for one purpose never move those of another */
  readonly purpose: string;
  /** which stream of that purpose, integer in [0, 2⁵³ − 1] (default 0): a layer, a probe, an epoch, a data chunk */
  readonly index?: number;
}

/** The words of the stream of that name. @throws ArgumentError, ArgumentTypeError in the name of `caller` */
export function openSource(caller: string, { seed, purpose, index = 0 }: StreamOptions): WordSource {
  requireSeed(caller, seed);
  if (typeof purpose !== 'string') refuseType(caller, 'purpose', 'a string', purpose);
  requireSeed(caller, index, 'index');
  // Philox of the purpose's hash under the seed: a bijection of purposes for each seed, cut to the 64 bits of a key.
  const hash = fnv1a64(purpose);
  const key = new Int32Array(4);
  philoxBlocks(seed | 0, Math.floor(seed / TWO32), hash.low, hash.high, 0, 0, key, 1);
  return new WordSource(key[0], key[1], index);
}
