import * as maps from '../generated/maps.js';
import { convolutionModules } from '../modules/convolutionModules.js';
import { inflateText } from '../modules/kernelModules.js';
import type { KernelSet } from '../kernelSet.js';
import type { KernelTable } from '../modules/kernelTable.js';
import { linearModules } from '../modules/linearModules.js';
import { chooseInfo, makeWorkspace } from './makeWorkspace.js';
import { twinTable } from '../twin/twinTable.js';
import { wasmTable } from '../modules/wasmTable.js';
import type { KernelInfo, KernelOptions, Workspace, WorkspaceOptions } from './workspace.js';

const fullSet: KernelSet<KernelTable> = {
  maker: 'createWorkspace',
  modules: (flavour) => [
    linearModules[flavour],
    convolutionModules[flavour],
    { name: 'maps', bytes: () => inflateText(maps.deflated, maps.length, linearModules.deterministic.bytes()) },
  ],
  twins: twinTable,
  bind: wasmTable,
};

/**
 * Reserves a fixed block of memory and binds the kernels to it.
 *
 * @param options.bytes what allocate() must be able to hand out, in [0, 2³² − 65536)
 * @returns a workspace whose memory never grows, so views stay valid as long as it lives
 * @throws ArgumentError if bytes is not such a number; MemoryLimitError if the memory cannot be had; ArgumentTypeError if engine 'wasm'
 *   is forced where it may not be compiled
 * @example
 * const space = createWorkspace({ bytes: 1 << 16 });
 * const x = space.allocate(8 * 3);
 * space.float64View(x, 3).set([1, 2, 3]);
 * space.float64.sum(3, x); // 6
 */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  return makeWorkspace(fullSet, options);
}

/**
 * Which flavour and engine createWorkspace would choose. Compiles the kernels if that has not happened yet.
 * @example kernelInfo({ engine: 'typescript' }).engine; // 'typescript'
 */
export function kernelInfo(options: KernelOptions = {}): KernelInfo {
  return chooseInfo(fullSet, options);
}
