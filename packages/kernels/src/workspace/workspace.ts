import type { KernelTable } from '../modules/kernelTable.js';
import type { LinearKernels } from '../linearKernels.js';

export type Dtype = 'float32' | 'float64';
export type FloatArray = Float32Array | Float64Array;

/** Which kernels run: reports carry this record as it is. */
export interface KernelInfo {
  /**
   * deterministic: the same bits in every runtime; fast: relaxed SIMD multiply-add in the kernels of linear algebra, bits
   * depend on the engine
   */
  readonly flavour: 'deterministic' | 'fast';
  /** typescript: the twin, used where WebAssembly is refused; same bits as wasm + deterministic */
  readonly engine: 'wasm' | 'typescript';
}

/** A fixed block of memory (it never grows, so views never detach) with both kernel tables bound to it. */
export interface Workspace<Table extends object = KernelTable> {
  readonly info: KernelInfo;
  readonly float32: Table;
  readonly float64: Table;
  /** total bytes that allocate() can hand out, and bytes handed out so far */
  readonly capacity: number;
  readonly used: number;
  /** Reserves bytes aligned to 64; freed only with the workspace. @throws MemoryLimitError naming the bytes */
  allocate(bytes: number): number;
  /** Typed-array views of memory; the caller keeps them as long as it likes. */
  float32View(pointer: number, length: number): Float32Array;
  float64View(pointer: number, length: number): Float64Array;
  int32View(pointer: number, length: number): Int32Array;
}

/** What createLinearWorkspace makes; every {@link Workspace} is one. */
export type LinearWorkspace = Workspace<LinearKernels>;

/** Which kernels are to run. */
export interface KernelOptions {
  /** true: deterministic flavour, the same bits in every runtime; false (default): fast where the engine validates relaxed SIMD, else deterministic */
  readonly deterministic?: boolean | undefined;
  /** force an engine; default wasm where it may be compiled, else typescript */
  readonly engine?: 'wasm' | 'typescript' | undefined;
}

export interface WorkspaceOptions extends KernelOptions {
  /** bytes that allocate() must be able to hand out */
  readonly bytes: number;
}
