import type { BinaryName, KernelTable } from '../kernelTable.js';
import { pow } from '../scalar/pow.js';
import type { TwinMemory } from './twinMemory.js';

type Map2 = (x: number, y: number) => number;
type Binary = Pick<KernelTable, 'binary' | 'binaryScalar' | 'scalarBinary' | 'binaryRow' | 'binaryColumn'>;

/** The function behind each name; max and min return NaN if either is NaN and know −0 < +0, like Math.max and wasm. */
export const binaryFunctions: Readonly<Record<BinaryName, Map2>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  max: Math.max,
  min: Math.min,
  greater: (x, y) => (x > y ? 1 : 0),
  pow,
};

/** out ← f(x, y) with its scalar, row and column variants; one rounding at the store */
export function binaryTwins(memory: TwinMemory): Binary {
  const { elements: a, shift, round } = memory;
  const each = <T>(make: (f: Map2) => T): Readonly<Record<BinaryName, T>> => {
    const names = Object.keys(binaryFunctions) as BinaryName[];
    return Object.fromEntries(names.map((name) => [name, make(binaryFunctions[name])])) as Record<BinaryName, T>;
  };
  return {
    binary: each((f) => (n: number, x: number, y: number, out: number): void => {
      const [i, j, o] = [x >>> shift, y >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[o + l] = f(a[i + l]!, a[j + l]!);
    }),
    binaryScalar: each((f) => (n: number, x: number, alpha: number, out: number): void => {
      const [i, o, s] = [x >>> shift, out >>> shift, round(alpha)];
      for (let l = 0; l < n; l++) a[o + l] = f(a[i + l]!, s);
    }),
    scalarBinary: each((f) => (n: number, alpha: number, x: number, out: number): void => {
      const [i, o, s] = [x >>> shift, out >>> shift, round(alpha)];
      for (let l = 0; l < n; l++) a[o + l] = f(s, a[i + l]!);
    }),
    binaryRow: each((f) => (m: number, n: number, x: number, y: number, out: number): void => {
      const [i, j, o] = [x >>> shift, y >>> shift, out >>> shift];
      for (let row = 0; row < m * n; row += n) {
        for (let l = 0; l < n; l++) a[o + row + l] = f(a[i + row + l]!, a[j + l]!);
      }
    }),
    binaryColumn: each((f) => (m: number, n: number, x: number, y: number, out: number): void => {
      const [i, j, o] = [x >>> shift, y >>> shift, out >>> shift];
      for (let row = 0; row < m; row++) {
        const s = a[j + row]!;
        for (let l = row * n; l < (row + 1) * n; l++) a[o + l] = f(a[i + l]!, s);
      }
    }),
  };
}
