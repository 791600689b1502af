import type { KernelTable } from '../modules/kernelTable.js';
import type { TwinMemory } from './twinMemory.js';

type Movement = Pick<
  KernelTable,
  'transpose' | 'transposeRuns' | 'gatherRows' | 'scatterRows' | 'gather' | 'scatterAdd'
>;

/** Moving data by position and by index */
export function movementTwins(memory: TwinMemory): Movement {
  const { elements: a, int32, shift } = memory;
  return {
    transpose(m, n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let row = 0; row < m; row++) {
        for (let j = 0; j < n; j++) a[o + j * m + row] = a[i + row * n + j]!;
      }
    },
    transposeRuns(m, n, run, x, out) {
      let o = out >>> shift;
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < m; i++, o += run) {
          const from = (x >>> shift) + (i * n + j) * run;
          a.copyWithin(o, from, from + run);
        }
      }
    },
    gatherRows(m, n, x, index, out) {
      const [i, k, o] = [x >>> shift, index >>> 2, out >>> shift];
      for (let row = 0; row < m; row++) a[o + row] = a[i + row * n + int32[k + row]!]!;
    },
    scatterRows(m, n, x, index, out) {
      const [i, k, o] = [x >>> shift, index >>> 2, out >>> shift];
      a.fill(0, o, o + m * n);
      for (let row = 0; row < m; row++) a[o + row * n + int32[k + row]!] = a[i + row]!;
    },
    gather(n, x, index, out) {
      const [i, k, o] = [x >>> shift, index >>> 2, out >>> shift];
      for (let l = 0; l < n; l++) {
        const position = int32[k + l]!;
        a[o + l] = position < 0 ? 0 : a[i + position]!;
      }
    },
    scatterAdd(n, x, index, out) {
      const [i, k, o] = [x >>> shift, index >>> 2, out >>> shift];
      for (let l = 0; l < n; l++) {
        const position = int32[k + l]!;
        if (position >= 0) a[o + position] = a[o + position]! + a[i + l]!;
      }
    },
  };
}
