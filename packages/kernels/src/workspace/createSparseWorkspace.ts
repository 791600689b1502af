import type { KernelSet } from '../kernelSet.js';
import { findIn, replaced } from '../modules/linearTable.js';
import { sparseModule } from '../modules/sparseModule.js';
import type { SparseKernels } from '../sparseKernels.js';
import { sparseTwins } from '../twin/sparse.js';
import { makeWorkspace } from './makeWorkspace.js';
import type { KernelOptions, Workspace } from './workspace.js';

const sparseSet: KernelSet<SparseKernels> = {
  maker: 'createSparseWorkspace',
  modules: () => [sparseModule],
  twins: sparseTwins,
  bind: (exports, dtype, _scratch, twins) => replaced(twins, findIn(exports, dtype), ''),
};

/** A workspace whose tables hold {@link SparseKernels} alone. */
export type SparseWorkspace = Workspace<SparseKernels>;

/**
 * A workspace with the products of compressed rows, and nothing else. There is one flavour, the deterministic.
 *
 * @param options as for createWorkspace, without `deterministic`
 * @throws as createWorkspace
 * @example
 * const space = createSparseWorkspace({ bytes: 1 << 10 });
 * const [offsets, indices, values, x, out] = [12, 12, 24, 16, 16].map((bytes) => space.allocate(bytes));
 * // rows (1, 2) and (0, 3)
 * space.int32View(offsets, 3).set([0, 2, 3]);
 * space.int32View(indices, 3).set([0, 1, 1]);
 * space.float64View(values, 3).set([1, 2, 3]);
 * space.float64View(x, 2).set([1, 1]);
 * space.float64.csrProduct(2, offsets, indices, values, x, out);
 * [...space.float64View(out, 2)]; // [3, 3]
 */
export function createSparseWorkspace(
  options: { readonly bytes: number } & Pick<KernelOptions, 'engine'>,
): SparseWorkspace {
  return makeWorkspace(sparseSet, { ...options, deterministic: true });
}
