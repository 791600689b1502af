import type { KernelSet } from '../kernelSet.js';
import type { LinearKernels } from '../linearKernels.js';
import { linearModules } from '../modules/linearModules.js';
import { findIn, linearTable } from '../modules/linearTable.js';
import { chooseInfo, makeWorkspace } from './makeWorkspace.js';
import { refuseActivation } from '../refuseActivation.js';
import { linearTwins } from '../twin/linearTwins.js';
import type { KernelInfo, KernelOptions, LinearWorkspace, WorkspaceOptions } from './workspace.js';

const linearSet: KernelSet<LinearKernels> = {
  maker: 'createLinearWorkspace',
  modules: (flavour) => [linearModules[flavour]],
  twins: linearTwins,
  bind: (exports, dtype, scratch, twins) =>
    linearTable(findIn(exports, dtype), dtype, scratch, twins, refuseActivation),
};

/**
 * A workspace with the kernels of linear algebra only: a third of the code of createWorkspace, which bundlers thank.
 *
 * @param options as for createWorkspace
 * @returns a workspace whose gemm knows the activations `none` and `relu`
 * @throws as createWorkspace
 * @example
 * const space = createLinearWorkspace({ bytes: 1 << 16 });
 * const x = space.allocate(8 * 2);
 * space.float64View(x, 2).set([3, 4]);
 * space.float64.norm2(2, x); // 5
 */
export function createLinearWorkspace(options: WorkspaceOptions): LinearWorkspace {
  return makeWorkspace(linearSet, options);
}

/**
 * Which flavour and engine createLinearWorkspace would choose. Compiles the kernels if that has not happened yet.
 * @example kernelInfo({ engine: 'typescript' }).engine; // 'typescript'
 */
export function kernelInfo(options: KernelOptions = {}): KernelInfo {
  return chooseInfo(linearSet, options);
}
