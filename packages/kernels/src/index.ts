export type { BinaryName, KernelTable, UnaryName } from './kernelTable.js';
export { Activation } from './kernelTable.js';
export type { Dtype, FloatArray, KernelInfo, Workspace, WorkspaceOptions } from './workspace.js';
