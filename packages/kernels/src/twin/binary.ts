import type { KernelTable } from '../modules/kernelTable.js';
import type { BinaryName } from '../modules/names.js';
import { pow } from '../scalar/pow.js';
import type { TwinMemory } from './twinMemory.js';

type Binary = Pick<KernelTable, 'binary' | 'binaryScalar' | 'scalarBinary' | 'binaryRow' | 'binaryColumn'>;
/** places are counted in elements, s is rounded */
interface Loops {
  plain(n: number, i: number, j: number, o: number): void;
  withScalar(n: number, i: number, s: number, o: number): void;
  ofScalar(n: number, s: number, i: number, o: number): void;
}

/** out ← f(x, y) with its scalar, row and column variants; one rounding at the store */
export function binaryTwins(memory: TwinMemory): Binary {
  const { elements: a, shift, round } = memory;
  const loops: Readonly<Record<BinaryName, Loops>> = { ...arithmeticLoops(memory), ...comparisonLoops(memory) };
  const each = <T>(make: (f: Loops) => T): Readonly<Record<BinaryName, T>> => {
    const names = Object.keys(loops) as BinaryName[];
    return Object.fromEntries(names.map((name) => [name, make(loops[name])])) as Record<BinaryName, T>;
  };
  return {
    binary: each((f) => (n: number, x: number, y: number, out: number): void => {
      f.plain(n, x >>> shift, y >>> shift, out >>> shift);
    }),
    binaryScalar: each((f) => (n: number, x: number, alpha: number, out: number): void => {
      f.withScalar(n, x >>> shift, round(alpha), out >>> shift);
    }),
    scalarBinary: each((f) => (n: number, alpha: number, x: number, out: number): void => {
      f.ofScalar(n, round(alpha), x >>> shift, out >>> shift);
    }),
    binaryRow: each((f) => (m: number, n: number, x: number, y: number, out: number): void => {
      const [i, j, o] = [x >>> shift, y >>> shift, out >>> shift];
      for (let row = 0; row < m; row++) f.plain(n, i + row * n, j, o + row * n);
    }),
    binaryColumn: each((f) => (m: number, n: number, x: number, y: number, out: number): void => {
      const [i, j, o] = [x >>> shift, y >>> shift, out >>> shift];
      for (let row = 0; row < m; row++) f.withScalar(n, i + row * n, a[j + row]!, o + row * n);
    }),
  };
}

/** Three written-out loops per function, see unary.ts. */
function arithmeticLoops({ elements: a }: TwinMemory): Record<'add' | 'sub' | 'mul' | 'div' | 'pow', Loops> {
  return {
    add: {
      plain(n, i, j, o) {
        for (let l = 0; l < n; l++) a[o + l] = a[i + l]! + a[j + l]!;
      },
      withScalar(n, i, s, o) {
        for (let l = 0; l < n; l++) a[o + l] = a[i + l]! + s;
      },
      ofScalar(n, s, i, o) {
        for (let l = 0; l < n; l++) a[o + l] = s + a[i + l]!;
      },
    },
    sub: {
      plain(n, i, j, o) {
        for (let l = 0; l < n; l++) a[o + l] = a[i + l]! - a[j + l]!;
      },
      withScalar(n, i, s, o) {
        for (let l = 0; l < n; l++) a[o + l] = a[i + l]! - s;
      },
      ofScalar(n, s, i, o) {
        for (let l = 0; l < n; l++) a[o + l] = s - a[i + l]!;
      },
    },
    mul: {
      plain(n, i, j, o) {
        for (let l = 0; l < n; l++) a[o + l] = a[i + l]! * a[j + l]!;
      },
      withScalar(n, i, s, o) {
        for (let l = 0; l < n; l++) a[o + l] = a[i + l]! * s;
      },
      ofScalar(n, s, i, o) {
        for (let l = 0; l < n; l++) a[o + l] = s * a[i + l]!;
      },
    },
    div: {
      plain(n, i, j, o) {
        for (let l = 0; l < n; l++) a[o + l] = a[i + l]! / a[j + l]!;
      },
      withScalar(n, i, s, o) {
        for (let l = 0; l < n; l++) a[o + l] = a[i + l]! / s;
      },
      ofScalar(n, s, i, o) {
        for (let l = 0; l < n; l++) a[o + l] = s / a[i + l]!;
      },
    },
    pow: {
      plain(n, i, j, o) {
        for (let l = 0; l < n; l++) a[o + l] = pow(a[i + l]!, a[j + l]!);
      },
      withScalar(n, i, s, o) {
        for (let l = 0; l < n; l++) a[o + l] = pow(a[i + l]!, s);
      },
      ofScalar(n, s, i, o) {
        for (let l = 0; l < n; l++) a[o + l] = pow(s, a[i + l]!);
      },
    },
  };
}

/** max and min return NaN if either is NaN and know −0 < +0, like Math.max and WebAssembly */
function comparisonLoops({ elements: a }: TwinMemory): Record<'max' | 'min' | 'greater', Loops> {
  return {
    max: {
      plain(n, i, j, o) {
        for (let l = 0; l < n; l++) a[o + l] = Math.max(a[i + l]!, a[j + l]!);
      },
      withScalar(n, i, s, o) {
        for (let l = 0; l < n; l++) a[o + l] = Math.max(a[i + l]!, s);
      },
      ofScalar(n, s, i, o) {
        for (let l = 0; l < n; l++) a[o + l] = Math.max(s, a[i + l]!);
      },
    },
    min: {
      plain(n, i, j, o) {
        for (let l = 0; l < n; l++) a[o + l] = Math.min(a[i + l]!, a[j + l]!);
      },
      withScalar(n, i, s, o) {
        for (let l = 0; l < n; l++) a[o + l] = Math.min(a[i + l]!, s);
      },
      ofScalar(n, s, i, o) {
        for (let l = 0; l < n; l++) a[o + l] = Math.min(s, a[i + l]!);
      },
    },
    greater: {
      plain(n, i, j, o) {
        for (let l = 0; l < n; l++) a[o + l] = a[i + l]! > a[j + l]! ? 1 : 0;
      },
      withScalar(n, i, s, o) {
        for (let l = 0; l < n; l++) a[o + l] = a[i + l]! > s ? 1 : 0;
      },
      ofScalar(n, s, i, o) {
        for (let l = 0; l < n; l++) a[o + l] = s > a[i + l]! ? 1 : 0;
      },
    },
  };
}
