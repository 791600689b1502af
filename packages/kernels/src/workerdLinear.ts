// The entry /linear under the export condition `workerd`, see workerd.ts.
import deterministic from '../src/generated/linearDeterministic.wasm';
import fast from '../src/generated/linearFast.wasm';
import { createLinearWorkspace as create, kernelInfo as info } from './workspace/createLinearWorkspace.js';
import { setKernelModule } from './modules/kernelModules.js';
import type { KernelInfo, LinearWorkspace, WorkspaceOptions } from './workspace/workspace.js';

export * from './linear.js';

/** createLinearWorkspace of linear.ts with the precompiled modules. */
export function createLinearWorkspace(options: WorkspaceOptions): LinearWorkspace {
  handOver();
  return create(options);
}

/** kernelInfo of linear.ts with the precompiled modules. */
export function kernelInfo(options: Omit<WorkspaceOptions, 'bytes'> = {}): KernelInfo {
  handOver();
  return info(options);
}

function handOver(): void {
  setKernelModule('linearDeterministic', deterministic);
  setKernelModule('linearFast', fast);
}
