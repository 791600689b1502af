import type { KernelTable } from '../kernelTable.js';
import { binaryTwins } from './binary.js';
import { gemmTwin } from './gemm.js';
import { matrixTwins } from './matrices.js';
import { movementTwins } from './movement.js';
import { patchTwins } from './patches.js';
import { poolingTwins } from './pooling.js';
import { rowTwins } from './rows.js';
import type { TwinMemory } from './twinMemory.js';
import { unaryFunctions, unaryFunctions32, unaryTwins } from './unary.js';
import { vectorTwins } from './vectors.js';

/** Every kernel in TypeScript, bound to one memory: the reference for the WebAssembly kernels and their stand-in. */
export function twinTable(memory: TwinMemory): KernelTable {
  const functions = memory.shift === 2 ? unaryFunctions32 : unaryFunctions;
  return {
    ...vectorTwins(memory),
    ...matrixTwins(memory),
    gemm: gemmTwin(memory, functions.tanh, functions.sigmoid),
    unary: unaryTwins(memory, functions),
    ...binaryTwins(memory),
    ...rowTwins(memory, functions.exp),
    ...movementTwins(memory),
    ...patchTwins(memory),
    ...poolingTwins(memory),
  };
}
