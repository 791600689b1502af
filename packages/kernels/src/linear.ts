// The entry @hyperribbon/kernels/linear: workspaces with the kernels of linear algebra only.
export type { LinearKernels } from './linearKernels.js';
export { Activation } from './linearKernels.js';
export type { Dtype, FloatArray, KernelInfo, LinearWorkspace, WorkspaceOptions } from './workspace.js';
export { createLinearWorkspace, kernelInfo } from './createLinearWorkspace.js';
export type { KernelModuleName } from './kernelModules.js';
export { setKernelModule } from './kernelModules.js';
export { OutOfMemoryError } from './outOfMemoryError.js';
