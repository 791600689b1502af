import type { KernelModule } from './modules/kernelModules.js';
import type { TwinMemory } from './twin/twinMemory.js';
import type { Dtype, KernelInfo } from './workspace/workspace.js';

/** What a kind of workspace is made of: the linear kernels alone, or all. */
export interface KernelSet<Table extends object> {
  /** the public function that makes such workspaces, for messages */
  readonly maker: string;
  /** the modules of a flavour; the WebAssembly engine runs where all of them compile */
  modules(flavour: KernelInfo['flavour']): readonly KernelModule[];
  twins(memory: TwinMemory): Table;
  /** @param exports of all modules together; scratch: pointer to SCRATCH_BYTES that only kernels use */
  bind(exports: WebAssembly.Exports, dtype: Dtype, scratch: number, twins: Table): Table;
}
