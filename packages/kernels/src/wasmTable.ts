import { Activation, type BinaryName, type KernelTable, type UnaryName } from './kernelTable.js';
import { wideTiles } from './experimentalSimd.js';
import type { Dtype } from './workspace.js';

type WasmFunction = (...numbers: number[]) => number;

/** Bytes of scratch that the kernels which block their loops want, see wasm/gemm.ts and wasm/matrices.ts. */
export const SCRATCH_BYTES: number = 512 + 400 * 384 + 400 * 3072;

/**
 * A kernel table over an instance. An export is named after the kernel and the width of the storage type (dot32, dot64); the
 * forms of a binary function add32 are addScalar32 (x, number), addOfScalar32 (number, x), addRow32 and addColumn32.
 * A kernel that the module does not export runs as its twin on the same memory.
 */
export function wasmTable(exports: WebAssembly.Exports, dtype: Dtype, scratch: number, twin: KernelTable): KernelTable {
  const width = dtype === 'float32' ? '32' : '64';
  const find = (name: string): WasmFunction | undefined => exports[name + width] as WasmFunction | undefined;
  const replaced = <Group extends Readonly<Record<string, unknown>>>(group: Group, form: string): Group => {
    const entries = Object.entries(group).map(([name, own]) => [name, find(name + form) ?? own]);
    return Object.fromEntries(entries) as Group;
  };
  const unary: Readonly<Record<UnaryName, (n: number, x: number, out: number) => void>> = replaced(twin.unary, '');
  const binary: Readonly<Record<BinaryName, (n: number, x: number, y: number, out: number) => void>> = replaced(
    twin.binary,
    '',
  );
  const { unary: _unary, binary: _binary, binaryScalar, scalarBinary, binaryRow, binaryColumn, ...plain } = twin;
  const blocked = blockedKernels(find, scratch, unary, dtype === 'float32' ? 4 : 8);
  return {
    ...replaced(plain, ''),
    ...blocked,
    unary,
    binary,
    binaryScalar: replaced(binaryScalar, 'Scalar'),
    scalarBinary: replaced(scalarBinary, 'OfScalar'),
    binaryRow: replaced(binaryRow, 'Row'),
    binaryColumn: replaced(binaryColumn, 'Column'),
  };
}

type Blocked = Pick<
  KernelTable,
  'gemm' | 'gemv' | 'gemvTransposed' | 'projectionCoefficients' | 'subtractProjection' | 'rotateBasis'
>;

// Kernels whose export takes more than the table's arguments: scratch, and for gemm what it does about activations and tiles.
function blockedKernels(
  find: (name: string) => WasmFunction | undefined,
  scratch: number,
  unary: KernelTable['unary'],
  bytesPerElement: number,
): Blocked {
  const need = (name: string): WasmFunction => {
    const found = find(name);
    if (found === undefined) throw new TypeError(`createWorkspace: the kernel module does not export ${name}`);
    return found;
  };
  const multiply = need('gemm');
  const gemv = need('gemv');
  const gemvTransposed = need('gemvTransposed');
  const coefficients = need('projectionCoefficients');
  const subtract = need('subtractProjection');
  const rotate = need('rotateBasis');
  const wide = wideTiles() ? 1 : 0;
  return {
    gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, bias, activation) {
      const relu = activation === Activation.relu ? 1 : 0;
      multiply(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, bias, relu, wide, scratch);
      if (activation === Activation.none || activation === Activation.relu) return;
      const map = activation === Activation.tanh ? unary.tanh : unary.sigmoid;
      if (ldc === n) map(m * n, c, c);
      else for (let i = 0; i < m; i++) map(n, c + i * ldc * bytesPerElement, c + i * ldc * bytesPerElement);
    },
    gemv: (m, n, alpha, a, lda, x, beta, y) => void gemv(m, n, alpha, a, lda, x, beta, y, scratch),
    gemvTransposed: (m, n, alpha, a, lda, x, beta, y) => void gemvTransposed(m, n, alpha, a, lda, x, beta, y, scratch),
    projectionCoefficients: (k, b, n, q, ldq, x, ldx, c) => void coefficients(k, b, n, q, ldq, x, ldx, c, scratch),
    subtractProjection: (k, b, n, q, ldq, x, ldx, c) => void subtract(k, b, n, q, ldq, x, ldx, c, scratch),
    rotateBasis: (k, r, n, s, q, ldq, out, ldout) => void rotate(k, r, n, s, q, ldq, out, ldout, scratch),
  };
}
