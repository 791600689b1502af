// The entry @hyperribbon/kernels/divergences: the kernels of linear algebra and those of divergences between models.
export type { DivergenceKernels } from './divergenceKernels.js';
export type { Dtype, FloatArray, KernelInfo, KernelOptions, WorkspaceOptions } from './workspace/workspace.js';
export type { DivergenceWorkspace } from './workspace/createDivergenceWorkspace.js';
export { createDivergenceWorkspace, kernelInfo } from './workspace/createDivergenceWorkspace.js';
export type { KernelModuleName } from './modules/kernelModules.js';
export { setKernelModule } from './modules/kernelModules.js';
export { MemoryLimitError } from '@hyperribbon/contract';
