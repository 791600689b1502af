import { MemoryLimitError } from '@hyperribbon/contract';
import { compiledModule } from './kernelModules.js';
import type { KernelSet } from '../kernelSet.js';
import { SCRATCH_BYTES } from './linearTable.js';
import { float32Memory, float64Memory } from '../twin/twinMemory.js';
import type { KernelInfo } from '../workspace/workspace.js';

const PAGE = 65536;
/** nothing is handed out below: pointer 0 means "none" */
const RESERVED = 1024;

/** What runs where WebAssembly does not. */
export const TWIN: KernelInfo = { flavour: 'deterministic', engine: 'typescript' };

/** What an engine brings: a buffer of at least the asked size and both tables bound to it. */
export interface Engine<Table> {
  readonly info: KernelInfo;
  readonly buffer: ArrayBuffer;
  /** first byte that allocate() may hand out */
  readonly start: number;
  readonly float32: Table;
  readonly float64: Table;
}

/** The compiled modules of a flavour; undefined where one of them is refused. */
export function compiledModules(
  kernels: KernelSet<object>,
  flavour: KernelInfo['flavour'],
): readonly WebAssembly.Module[] | undefined {
  const modules: WebAssembly.Module[] = [];
  for (const source of kernels.modules(flavour)) {
    const module = compiledModule(source);
    if (module === undefined) return undefined;
    modules.push(module as WebAssembly.Module);
  }
  return modules;
}

/** One memory of fixed size with the kernels bound to it; undefined where WebAssembly is refused. */
export function createWasmEngine<Table extends object>(
  kernels: KernelSet<Table>,
  flavour: KernelInfo['flavour'],
  bytes: number,
): Engine<Table> | undefined {
  const modules = compiledModules(kernels, flavour);
  if (modules === undefined) return undefined;
  const start = RESERVED + Math.ceil(SCRATCH_BYTES / 64) * 64;
  const pages = Math.ceil((start + bytes) / PAGE);
  // RangeError where memory is short, TypeError past 65536 pages
  const memory = reserve(kernels.maker, pages * PAGE, () => new WebAssembly.Memory({ initial: pages, maximum: pages }));
  const exports: WebAssembly.Exports = {};
  for (const module of modules) Object.assign(exports, new WebAssembly.Instance(module, { env: { memory } }).exports);
  const { buffer } = memory;
  return {
    info: { flavour, engine: 'wasm' },
    buffer,
    start,
    float32: kernels.bind(exports, 'float32', RESERVED, kernels.twins(float32Memory(buffer))),
    float64: kernels.bind(exports, 'float64', RESERVED, kernels.twins(float64Memory(buffer))),
  };
}

/** The TypeScript twins over an ordinary ArrayBuffer. */
export function createTwinEngine<Table extends object>(kernels: KernelSet<Table>, bytes: number): Engine<Table> {
  const total = RESERVED + bytes;
  const buffer = reserve(kernels.maker, total, () => new ArrayBuffer(total));
  return {
    info: TWIN,
    buffer,
    start: RESERVED,
    float32: kernels.twins(float32Memory(buffer)),
    float64: kernels.twins(float64Memory(buffer)),
  };
}

function reserve<Memory>(maker: string, bytes: number, make: () => Memory): Memory {
  try {
    return make();
  } catch {
    throw new MemoryLimitError(`${maker}: the runtime refused ${bytes} bytes`, bytes);
  }
}
