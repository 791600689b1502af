import { kernelModule, type Flavour } from './kernelModules.js';
import type { KernelTable } from './kernelTable.js';
import { OutOfMemoryError } from './outOfMemoryError.js';
import { hasRelaxedSimd } from './relaxedSimd.js';
import { float32Memory, float64Memory } from './twin/twinMemory.js';
import { twinTable } from './twin/twinTable.js';
import { createWasmEngine } from './wasmEngine.js';
import type { KernelInfo, Workspace, WorkspaceOptions } from './workspace.js';

const ALIGNMENT = 64;
/** nothing is handed out below: pointer 0 means "none", and WebAssembly kernels keep small tables there */
const RESERVED = 1024;
/** pointers are 32-bit */
const MAX_BYTES = 2 ** 32 - 65536;

const TWIN: KernelInfo = { flavour: 'deterministic', engine: 'typescript' };

/** What an engine brings: a buffer of at least the asked size and both tables bound to it. */
export interface Engine {
  readonly info: KernelInfo;
  readonly buffer: ArrayBuffer;
  /** first byte that allocate() may hand out */
  readonly start: number;
  readonly float32: KernelTable;
  readonly float64: KernelTable;
}

/**
 * Reserves a fixed block of memory and binds the kernels to it.
 *
 * @param options.bytes what allocate() must be able to hand out, in [0, 2³² − 65536)
 * @returns a workspace whose memory never grows, so views stay valid as long as it lives
 * @throws RangeError if bytes is not such a number; OutOfMemoryError if the memory cannot be had; TypeError if engine 'wasm'
 *   is forced where it may not be compiled
 * @example
 * const space = createWorkspace({ bytes: 1 << 16 });
 * const x = space.allocate(8 * 3);
 * space.float64View(x, 3).set([1, 2, 3]);
 * space.float64.sum(3, x); // 6
 */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { bytes } = options;
  if (!(Number.isInteger(bytes) && bytes >= 0 && bytes <= MAX_BYTES)) {
    throw new RangeError(`createWorkspace: bytes must be an integer in [0, ${MAX_BYTES}], got ${bytes}`);
  }
  const rounded = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  const engine = createEngine(options, rounded);
  const end = engine.start + rounded;
  let next = engine.start;
  return {
    info: engine.info,
    float32: engine.float32,
    float64: engine.float64,
    capacity: end - engine.start,
    get used(): number {
      return next - engine.start;
    },
    allocate(size) {
      if (!(Number.isInteger(size) && size >= 0)) {
        throw new RangeError(`allocate: bytes must be a non-negative integer, got ${size}`);
      }
      const taken = Math.ceil(size / ALIGNMENT) * ALIGNMENT;
      if (next + taken > end) {
        throw new OutOfMemoryError(`allocate: ${size} bytes asked, ${end - next} of ${end - engine.start} left`, size);
      }
      const pointer = next;
      next += taken;
      return pointer;
    },
    float32View: (pointer, length) => new Float32Array(engine.buffer, pointer, length),
    float64View: (pointer, length) => new Float64Array(engine.buffer, pointer, length),
    int32View: (pointer, length) => new Int32Array(engine.buffer, pointer, length),
  };
}

/** Which flavour and engine createWorkspace would choose. Compiles the kernels if that has not happened yet. */
export function kernelInfo(options: Omit<WorkspaceOptions, 'bytes'> = {}): KernelInfo {
  const flavour = flavours(options).find((candidate) => kernelModule(candidate) !== undefined);
  if (flavour !== undefined) return { flavour, engine: 'wasm' };
  refuseIfForced(options);
  return TWIN;
}

function createEngine(options: WorkspaceOptions, bytes: number): Engine {
  for (const flavour of flavours(options)) {
    const engine = createWasmEngine(flavour, RESERVED, bytes);
    if (engine !== undefined) return engine;
  }
  refuseIfForced(options);
  return createTwinEngine(bytes);
}

/** The flavours to try, best first; none where the twin is asked for. */
function flavours({ deterministic = false, engine }: Omit<WorkspaceOptions, 'bytes'>): readonly Flavour[] {
  if (engine === 'typescript') return [];
  return deterministic || !hasRelaxedSimd() ? ['deterministic'] : ['fast', 'deterministic'];
}

function refuseIfForced({ engine }: Omit<WorkspaceOptions, 'bytes'>): void {
  if (engine === 'wasm')
    throw new TypeError("createWorkspace: engine is 'wasm', but this runtime refuses to compile it");
}

/** The TypeScript twins over an ordinary ArrayBuffer. */
function createTwinEngine(bytes: number): Engine {
  const total = RESERVED + bytes;
  let buffer: ArrayBuffer;
  try {
    buffer = new ArrayBuffer(total);
  } catch {
    throw new OutOfMemoryError(`createWorkspace: the runtime refused ${total} bytes`, total);
  }
  return {
    info: TWIN,
    buffer,
    start: RESERVED,
    float32: twinTable(float32Memory(buffer)),
    float64: twinTable(float64Memory(buffer)),
  };
}
