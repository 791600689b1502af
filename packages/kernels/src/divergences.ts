// The entry @hyperribbon/kernels/divergences: the kernels of linear algebra and those of divergences between models.
export type { DivergenceKernels } from './divergenceKernels.js';
export type { Dtype, FloatArray, KernelInfo, WorkspaceOptions } from './workspace.js';
export type { DivergenceWorkspace } from './createDivergenceWorkspace.js';
export { createDivergenceWorkspace, kernelInfo } from './createDivergenceWorkspace.js';
export type { KernelModuleName } from './kernelModules.js';
export { setKernelModule } from './kernelModules.js';
export { OutOfMemoryError } from './outOfMemoryError.js';
