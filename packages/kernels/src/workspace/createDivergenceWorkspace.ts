import type { DivergenceKernels } from '../divergenceKernels.js';
import { divergenceModules } from '../modules/divergenceModules.js';
import type { KernelSet } from '../kernelSet.js';
import { linearModules } from '../modules/linearModules.js';
import { findIn, linearTable, replaced } from '../modules/linearTable.js';
import { chooseInfo, makeWorkspace } from './makeWorkspace.js';
import { refuseActivation } from '../refuseActivation.js';
import { divergenceTwins } from '../twin/divergences.js';
import { linearTwins } from '../twin/linearTwins.js';
import type { KernelInfo, KernelOptions, Workspace, WorkspaceOptions } from './workspace.js';

const divergenceSet: KernelSet<DivergenceKernels> = {
  maker: 'createDivergenceWorkspace',
  modules: (flavour) => [linearModules[flavour], divergenceModules[flavour]],
  twins: (memory) => ({ ...linearTwins(memory), ...divergenceTwins(memory) }),
  bind: (exports, dtype, scratch, twins) => {
    const find = findIn(exports, dtype);
    const { logOverlaps, squares, arcs, jeffreys } = replaced(twins, find, '');
    // the exports take scratch as their last argument
    const bound =
      (sums: DivergenceKernels['squares']): DivergenceKernels['squares'] =>
      (tiles, samples, classes, a, b, out, ldout) =>
        (sums as (...all: number[]) => void)(tiles, samples, classes, a, b, out, ldout, scratch);
    return {
      ...linearTable(find, dtype, scratch, twins, refuseActivation),
      logOverlaps: (tiles, samples, classes, a, b, least, out, ldout) =>
        (logOverlaps as (...all: number[]) => number)(tiles, samples, classes, a, b, least, out, ldout, scratch),
      squares: bound(squares),
      arcs: bound(arcs),
      jeffreys: bound(jeffreys),
    };
  },
};

/** A workspace whose tables also hold {@link DivergenceKernels}. */
export type DivergenceWorkspace = Workspace<DivergenceKernels>;

/**
 * A workspace with the kernels of divergences between models beside those of linear algebra.
 *
 * @param options as for createWorkspace
 * @throws as createWorkspace
 * @example
 * const space = createDivergenceWorkspace({ bytes: 1 << 12 });
 * const [a, out] = [space.allocate(32 * 2), space.allocate(8 * 16)]; // one panel of 4 models, 1 sample, 2 classes
 * space.float64View(a, 8).set([1, 0.6, 0, 1, 0, 0.8, 1, 0]); // (1, 0), (0.6, 0.8), (0, 1), (1, 0)
 * space.float64.logOverlaps(1, 1, 2, a, a, 1e-40, out, 4); // 4: two pairs of disjoint models, both ways
 */
export function createDivergenceWorkspace(options: WorkspaceOptions): DivergenceWorkspace {
  return makeWorkspace(divergenceSet, options);
}

/**
 * Which flavour and engine createDivergenceWorkspace would choose. Compiles the kernels if that has not happened yet.
 * @example kernelInfo({ engine: 'typescript' }).engine; // 'typescript'
 */
export function kernelInfo(options: KernelOptions = {}): KernelInfo {
  return chooseInfo(divergenceSet, options);
}
