export type { KernelTable, WindowSizes } from './modules/kernelTable.js';
export type { LinearKernels } from './linearKernels.js';
export { Activation } from './linearKernels.js';
export { convolveInputFits, listBytes } from './modules/convolutionTable.js';
export type {
  Dtype,
  FloatArray,
  KernelInfo,
  KernelOptions,
  Workspace,
  WorkspaceOptions,
} from './workspace/workspace.js';
export { createWorkspace, kernelInfo } from './workspace/createWorkspace.js';
export type { KernelModuleName } from './modules/kernelModules.js';
export { setKernelModule } from './modules/kernelModules.js';
export type { ExperimentalSimd } from './modules/experimentalSimd.js';
export { enableExperimentalSimd, experimentalSimd } from './modules/experimentalSimd.js';
export { MemoryLimitError } from '@hyperribbon/contract';

export { exp } from './scalar/exp.js';
export { expm1 } from './scalar/expm1.js';
export { log, log1p } from './scalar/log.js';
export { pow } from './scalar/pow.js';
export { cos, sin } from './scalar/sinCos.js';
export { atan } from './scalar/atan.js';
export { asinh, logcosh, sech2, tanh } from './scalar/hyperbolic.js';
export { logsigmoid, sigmoid, softplus } from './scalar/sigmoid.js';
export { erf, erfc, gaussian, gelu, logNormalCdf, normalCdf, normalPdf } from './scalar/erf.js';
export { erfinv, normalQuantile } from './scalar/normalQuantile.js';
export { log1mexp } from './scalar/log1mexp.js';
export { digamma, lgamma, trigamma } from './scalar/gamma.js';
export { type BinaryName, binaryNames, type UnaryName, unaryNames } from './modules/names.js';
export { type ProductInMemory, type ProductOfArrays, product, productIn } from './product.js';
