// The entry under the export condition `workerd` (Cloudflare Workers), where compiling from bytes is forbidden and an imported
// .wasm file is a compiled module. All that index.ts exports, hence the star, with the modules handed over before the first use.
import deterministic from '../src/generated/linearDeterministic.wasm';
import fast from '../src/generated/linearFast.wasm';
import maps from '../src/generated/maps.wasm';
import { createWorkspace as create, kernelInfo as info } from './workspace/createWorkspace.js';
import { setKernelModule } from './modules/kernelModules.js';
import type { KernelInfo, Workspace, WorkspaceOptions } from './workspace/workspace.js';

export * from './index.js';

/** createWorkspace of index.ts with the precompiled modules. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  handOver();
  return create(options);
}

/** kernelInfo of index.ts with the precompiled modules. */
export function kernelInfo(options: Omit<WorkspaceOptions, 'bytes'> = {}): KernelInfo {
  handOver();
  return info(options);
}

function handOver(): void {
  setKernelModule('linearDeterministic', deterministic);
  setKernelModule('linearFast', fast);
  setKernelModule('maps', maps);
}
