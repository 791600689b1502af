import type { Engine } from './createWorkspace.js';
import { kernelModule, type Flavour } from './kernelModules.js';
import { OutOfMemoryError } from './outOfMemoryError.js';
import { float32Memory, float64Memory } from './twin/twinMemory.js';
import { twinTable } from './twin/twinTable.js';
import { SCRATCH_BYTES, wasmTable } from './wasmTable.js';

const PAGE = 65536;

/**
 * One memory of fixed size with the kernels bound to it; undefined where WebAssembly is refused.
 *
 * @param reserved first byte free for scratch; below it nothing is handed out
 * @param bytes what must be free behind the scratch
 */
export function createWasmEngine(flavour: Flavour, reserved: number, bytes: number): Engine | undefined {
  const module = kernelModule(flavour);
  if (module === undefined) return undefined;
  const start = reserved + Math.ceil(SCRATCH_BYTES / 64) * 64;
  const pages = Math.ceil((start + bytes) / PAGE);
  const memory = createMemory(pages);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { buffer } = memory;
  return {
    info: { flavour, engine: 'wasm' },
    buffer,
    start,
    float32: wasmTable(exports, 'float32', reserved, twinTable(float32Memory(buffer))),
    float64: wasmTable(exports, 'float64', reserved, twinTable(float64Memory(buffer))),
  };
}

function createMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch {
    // RangeError where memory is short, TypeError past 65536 pages
    throw new OutOfMemoryError(`createWorkspace: the runtime refused ${pages * PAGE} bytes`, pages * PAGE);
  }
}
