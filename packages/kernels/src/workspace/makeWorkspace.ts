import { ArgumentTypeError, MemoryLimitError, requireInteger } from '@hyperribbon/contract';
import { compiledModules, createTwinEngine, createWasmEngine, TWIN, type Engine } from '../modules/engine.js';
import type { KernelSet } from '../kernelSet.js';
import { hasRelaxedSimd } from '../modules/relaxedSimd.js';
import type { KernelInfo, KernelOptions, Workspace, WorkspaceOptions } from './workspace.js';

const ALIGNMENT = 64;
/** pointers are 32-bit */
const MAX_BYTES = 2 ** 32 - 65536;

/** A workspace of either kind: memory of fixed size, the kernels bound to it, and a bump allocator. */
export function makeWorkspace<Table extends object>(
  kernels: KernelSet<Table>,
  options: WorkspaceOptions,
): Workspace<Table> {
  const { bytes } = options;
  requireInteger(kernels.maker, 'bytes', bytes, 0, MAX_BYTES);
  const rounded = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  const engine = chooseEngine(kernels, options, rounded);
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
      requireInteger('allocate', 'bytes', size, 0);
      const taken = Math.ceil(size / ALIGNMENT) * ALIGNMENT;
      if (next + taken > end) {
        const left = end - next;
        throw new MemoryLimitError(`allocate: ${size} bytes asked, ${left} of ${end - engine.start} left`, size, left);
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

/** What makeWorkspace would choose. */
export function chooseInfo(kernels: KernelSet<object>, options: KernelOptions): KernelInfo {
  const flavour = flavours(options).find((candidate) => compiledModules(kernels, candidate) !== undefined);
  if (flavour !== undefined) return { flavour, engine: 'wasm' };
  refuseIfForced(kernels.maker, options);
  return TWIN;
}

function chooseEngine<Table extends object>(
  kernels: KernelSet<Table>,
  options: KernelOptions,
  bytes: number,
): Engine<Table> {
  for (const flavour of flavours(options)) {
    const engine = createWasmEngine(kernels, flavour, bytes);
    if (engine !== undefined) return engine;
  }
  refuseIfForced(kernels.maker, options);
  return createTwinEngine(kernels, bytes);
}

/** The flavours to try, best first; none where the twin is asked for. */
function flavours({ deterministic = false, engine }: KernelOptions): readonly KernelInfo['flavour'][] {
  if (engine === 'typescript') return [];
  return deterministic || !hasRelaxedSimd() ? ['deterministic'] : ['fast', 'deterministic'];
}

function refuseIfForced(maker: string, { engine }: KernelOptions): void {
  if (engine === 'wasm')
    throw new ArgumentTypeError(`${maker}: engine is 'wasm', but this runtime refuses to compile it`);
}
