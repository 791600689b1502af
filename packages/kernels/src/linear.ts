// The entry @hyperribbon/kernels/linear: workspaces with the kernels of linear algebra only.
export type { LinearKernels } from './linearKernels.js';
export { Activation } from './linearKernels.js';
export type {
  Dtype,
  FloatArray,
  KernelInfo,
  KernelOptions,
  LinearWorkspace,
  WorkspaceOptions,
} from './workspace/workspace.js';
export { createLinearWorkspace, kernelInfo } from './workspace/createLinearWorkspace.js';
export type { KernelModuleName } from './modules/kernelModules.js';
export { setKernelModule } from './modules/kernelModules.js';
export { MemoryLimitError } from '@hyperribbon/contract';
export { type ProductInMemory, type ProductOfArrays, product, productIn } from './product.js';
