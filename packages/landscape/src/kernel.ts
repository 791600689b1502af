export type { KernelAgainstWidth, KernelChange, KernelWidthRow, TangentKernel } from './kernel/kernelTypes.js';

export { neuralTangentKernel, type TangentKernelOptions, traceKernel } from './kernel/neuralTangentKernel.js';
export { kernelAlignment, type NumberOrReason } from './kernel/kernelAlignment.js';
export { kernelChange, type KernelChangeOptions } from './kernel/kernelChange.js';
export { type ParameterChange, parameterChange } from './kernel/parameterChange.js';

export { type KernelSample, type KernelSampleOptions, kernelSample } from './kernel/kernelSample.js';
export { type KernelFamily, type KernelTask, kernelFamilies } from './kernel/kernelFamilies.js';
export {
  type KernelAgainstWidthOptions,
  type KernelAgainstWidthStudy,
  type KernelRun,
  kernelAgainstWidth,
} from './kernel/kernelAgainstWidth.js';
