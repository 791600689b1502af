export type { KernelAgainstWidth, KernelChange, KernelWidthRow } from './kernel/kernelTypes.js';
