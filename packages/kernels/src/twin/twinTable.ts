import type { KernelTable } from '../modules/kernelTable.js';
import { Activation } from '../linearKernels.js';
import { exp } from '../scalar/exp.js';
import { tanh } from '../scalar/hyperbolic.js';
import { sigmoid } from '../scalar/sigmoid.js';
import { sigmoid32, tanh32 } from '../scalar32/activations32.js';
import { exp32 } from '../scalar32/exp32.js';
import { binaryTwins } from './binary.js';
import { convolutionTwins } from './convolutions.js';
import { gemmTwin } from './gemm.js';
import { linearTwins } from './linearTwins.js';
import { listTwins } from './lists.js';
import { movementTwins } from './movement.js';
import { patchTwins } from './patches.js';
import { depthwiseTwins } from './depthwise.js';
import { poolingTwins } from './pooling.js';
import { rowTwins } from './rows.js';
import { softmaxTwins } from './softmax.js';
import { ternaryTwins } from './ternary.js';
import type { TwinMemory } from './twinMemory.js';
import { unaryTwins } from './unary.js';

/** Every kernel in TypeScript, bound to one memory: the reference for the WebAssembly kernels and their stand-in. */
export function twinTable(memory: TwinMemory): KernelTable {
  const single = memory.shift === 2;
  const activations = {
    [Activation.tanh]: single ? tanh32 : tanh,
    [Activation.sigmoid]: single ? sigmoid32 : sigmoid,
  };
  return {
    ...linearTwins(memory),
    gemm: gemmTwin(memory, activations),
    ...convolutionTwins(memory, activations),
    ...listTwins(memory),
    unary: unaryTwins(memory),
    ...binaryTwins(memory),
    ...ternaryTwins(memory),
    ...rowTwins(memory),
    ...softmaxTwins(memory, single ? exp32 : exp),
    ...movementTwins(memory),
    ...patchTwins(memory),
    ...depthwiseTwins(memory),
    ...poolingTwins(memory),
  };
}
