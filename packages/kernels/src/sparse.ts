// The entry @hyperribbon/kernels/sparse: products with compressed rows.
export type { SparseKernels } from './sparseKernels.js';
export type { Dtype, FloatArray, KernelInfo } from './workspace/workspace.js';
export type { SparseWorkspace } from './workspace/createSparseWorkspace.js';
export { createSparseWorkspace } from './workspace/createSparseWorkspace.js';
export type { KernelModuleName } from './modules/kernelModules.js';
export { setKernelModule } from './modules/kernelModules.js';
export { MemoryLimitError } from '@hyperribbon/contract';
