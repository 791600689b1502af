// The entry /divergences under the export condition `workerd`, see workerd.ts.
import divergencesDeterministic from '../src/generated/divergencesDeterministic.wasm';
import divergencesFast from '../src/generated/divergencesFast.wasm';
import deterministic from '../src/generated/linearDeterministic.wasm';
import fast from '../src/generated/linearFast.wasm';
import {
  createDivergenceWorkspace as create,
  kernelInfo as info,
  type DivergenceWorkspace,
} from './workspace/createDivergenceWorkspace.js';
import { setKernelModule } from './modules/kernelModules.js';
import type { KernelInfo, WorkspaceOptions } from './workspace/workspace.js';

export * from './divergences.js';

/** createDivergenceWorkspace of divergences.ts with the precompiled modules. */
export function createDivergenceWorkspace(options: WorkspaceOptions): DivergenceWorkspace {
  handOver();
  return create(options);
}

/** kernelInfo of divergences.ts with the precompiled modules. */
export function kernelInfo(options: Omit<WorkspaceOptions, 'bytes'> = {}): KernelInfo {
  handOver();
  return info(options);
}

function handOver(): void {
  setKernelModule('linearDeterministic', deterministic);
  setKernelModule('linearFast', fast);
  setKernelModule('divergencesDeterministic', divergencesDeterministic);
  setKernelModule('divergencesFast', divergencesFast);
}
