import type { LinearKernels } from '../linearKernels.js';
import { basisTwins } from './basis.js';
import { gemmTwin } from './gemm.js';
import { matrixTwins } from './matrices.js';
import type { TwinMemory } from './twinMemory.js';
import { vectorTwins } from './vectors.js';

/** The kernels of linear algebra in TypeScript, bound to one memory. */
export function linearTwins(memory: TwinMemory): LinearKernels {
  return { ...vectorTwins(memory), ...matrixTwins(memory), ...basisTwins(memory), gemm: gemmTwin(memory) };
}
