import type { KernelTable } from '../modules/kernelTable.js';
import type { TwinMemory } from './twinMemory.js';

/** Maps of three arguments */
export function ternaryTwins(memory: TwinMemory): Pick<KernelTable, 'multiplyAdd' | 'select'> {
  const { elements: a, shift, round } = memory;
  return {
    multiplyAdd(n, x, y, z, out) {
      const [i, j, k, o] = [x >>> shift, y >>> shift, z >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = round(a[i + l]! * a[j + l]!) + a[k + l]!;
    },
    select(n, condition, x, y, out) {
      const [c, i, j, o] = [condition >>> shift, x >>> shift, y >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = a[c + l]! !== 0 ? a[i + l]! : a[j + l]!;
    },
  };
}
