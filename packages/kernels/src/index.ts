export type { BinaryName, KernelTable, UnaryName } from './kernelTable.js';
export { Activation } from './kernelTable.js';
export type { Dtype, FloatArray, KernelInfo, Workspace, WorkspaceOptions } from './workspace.js';
export { createWorkspace, kernelInfo } from './createWorkspace.js';
export { OutOfMemoryError } from './outOfMemoryError.js';

export { exp } from './scalar/exp.js';
export { expm1 } from './scalar/expm1.js';
export { log, log1p } from './scalar/log.js';
export { pow } from './scalar/pow.js';
export { cos, sin } from './scalar/sinCos.js';
export { atan } from './scalar/atan.js';
export { asinh, logcosh, sech2, tanh } from './scalar/hyperbolic.js';
export { logsigmoid, sigmoid, softplus } from './scalar/sigmoid.js';
export { erf, erfc, gaussian, gelu, normalCdf, normalPdf } from './scalar/erf.js';
export { digamma, lgamma, trigamma } from './scalar/gamma.js';
