import { wideTiles } from './experimentalSimd.js';
import { Activation, type LinearKernels } from '../linearKernels.js';
import type { Dtype } from '../workspace/workspace.js';

type WasmFunction = (...numbers: number[]) => number;
type Map1 = (n: number, x: number, out: number) => void;

/** Bytes of scratch that the kernels which block their loops want, see wasm/linear/gemm.ts and wasm/linear/basis.ts. */
export const SCRATCH_BYTES: number = 512 + 400 * 384 + 400 * 3072 + 19 * 1604;

/** Finds the export of a kernel by name for one storage type: dot32, dot64. */
export type Find = (name: string) => WasmFunction | undefined;

export function findIn(exports: Readonly<Record<string, unknown>>, dtype: Dtype): Find {
  const width = dtype === 'float32' ? '32' : '64';
  return (name) => exports[name + width] as WasmFunction | undefined;
}

/** A group of kernels with every one that has an export replaced by it. */
export function replaced<Group extends Readonly<Record<keyof Group, unknown>>>(
  group: Group,
  find: Find,
  form: string,
): Group {
  return Object.fromEntries(Object.entries(group).map(([name, own]) => [name, find(name + form) ?? own])) as Group;
}

/**
 * The kernels of linear algebra over the exports of a module.
 *
 * @param activate the map of an activation that the module does not fold in; throws for one that the table does not have
 */
export function linearTable(
  find: Find,
  dtype: Dtype,
  scratch: number,
  twins: LinearKernels,
  activate: (activation: number) => Map1,
): LinearKernels {
  // Kernels whose export takes more than the table's arguments: scratch, and for gemm what it does about activations and tiles.
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
  const bytesPerElement = dtype === 'float32' ? 4 : 8;
  return {
    ...replaced(twins, find, ''),
    gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, bias, activation) {
      const relu = activation === Activation.relu ? 1 : 0;
      const map = activation === Activation.none || relu === 1 ? undefined : activate(activation);
      multiply(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, bias, relu, wide, scratch);
      if (map === undefined) return;
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
