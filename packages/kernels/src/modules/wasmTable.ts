import { convolutionTable } from './convolutionTable.js';
import type { KernelTable } from './kernelTable.js';
import { Activation } from '../linearKernels.js';
import { findIn, linearTable, replaced } from './linearTable.js';
import { refuseActivation } from '../refuseActivation.js';
import type { Dtype } from '../workspace/workspace.js';

/**
 * All kernels over the exports of their modules. An export is named after the kernel and the width of the storage type (dot32,
 * dot64); the forms of a binary function add32 are addScalar32 (x, number), addOfScalar32 (number, x), addRow32 and
 * addColumn32. A kernel that no module exports runs as its twin on the same memory.
 */
export function wasmTable(exports: WebAssembly.Exports, dtype: Dtype, scratch: number, twin: KernelTable): KernelTable {
  const find = findIn(exports, dtype);
  const unary = replaced(twin.unary, find, '');
  const activate = (activation: number): typeof unary.tanh =>
    activation === Activation.tanh
      ? unary.tanh
      : activation === Activation.sigmoid
        ? unary.sigmoid
        : refuseActivation(activation);
  const { unary: _unary, binary, binaryScalar, scalarBinary, binaryRow, binaryColumn, ...plain } = twin;
  return {
    ...replaced(plain, find, ''),
    ...linearTable(find, dtype, scratch, plain, activate),
    ...convolutionTable(find, scratch, activate),
    unary,
    binary: replaced(binary, find, ''),
    binaryScalar: replaced(binaryScalar, find, 'Scalar'),
    scalarBinary: replaced(scalarBinary, find, 'OfScalar'),
    binaryRow: replaced(binaryRow, find, 'Row'),
    binaryColumn: replaced(binaryColumn, find, 'Column'),
  };
}
