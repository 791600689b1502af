import { ArgumentTypeError } from '@hyperribbon/contract';
import type { Workspace } from '@hyperribbon/kernels';
import type { ElementType } from '../../program.js';
import { checkIndices } from '../lower/indexCheck.js';
import type { KernelName } from '../instruction.js';

/** A kernel with its numbers only; every kernel of an instruction is called through this type. */
export type Kernel = (...args: number[]) => void;

/**
 * The kernel behind a name: one of the workspace's table, or made of those here.
 *
 * @param bytes end of the memory that the kernel may touch
 */
export function kernelOf(workspace: Workspace, bytes: number, name: KernelName, dtype: ElementType): Kernel {
  const words = Math.floor(bytes / 4);
  if (name === 'checkIndex') {
    const memory = workspace.int32View(0, words);
    return (n, limit, x) => checkIndices('index', memory, n!, limit!, x! / 4);
  }
  if (name === 'argsortRows') return argsortRows(memoryOf(workspace, bytes, dtype), workspace.int32View(0, words));
  if (name.startsWith('convert.')) return convert(workspace, bytes, dtype, name.slice(8) as ElementType);
  if (dtype === 'int32') return integerKernel(workspace.int32View(0, words), name);
  const table = workspace[dtype];
  const size = dtype === 'float64' ? 8 : 4;
  if (name === 'repeatRows') return repeatRows(table.copy, size);
  if (name === 'maxColumns') {
    const { max } = table.binary;
    return (m, n, x, out) => {
      table.copy(n!, x!, out!);
      for (let i = 1; i < m!; i++) max(n!, x! + i * n! * size, out!, out!);
    };
  }
  const [family, member] = name.split('.') as [keyof typeof table, string | undefined];
  const entry = table[family] as unknown;
  return (member === undefined ? entry : (entry as Record<string, Kernel>)[member]) as Kernel;
}

/** out (r, n) ← x (n,) in every row, copying what is there already: log₂ r calls. */
function repeatRows(copy: Kernel, size: number): Kernel {
  return (r, n, x, out) => {
    const total = r! * n!;
    if (total === 0) return;
    copy(n!, x!, out!);
    for (let done = n!; done < total; ) {
      const more = Math.min(done, total - done);
      copy(more, out!, out! + done * size);
      done += more;
    }
  };
}

/** out (m, n) ← the positions that sort each row of x, equal entries in their order, NaN last */
function argsortRows([memory, size]: ReturnType<typeof memoryOf>, positions: Int32Array): Kernel {
  return (m, n, x, out) => {
    for (let row = 0; row < m!; row++) {
      const first = x! / size + row * n!;
      const order = positions.subarray(out! / 4 + row * n!, out! / 4 + (row + 1) * n!);
      for (let i = 0; i < n!; i++) order[i] = i;
      order.sort((i, j) => {
        const [a, b] = [memory[first + i]!, memory[first + j]!];
        if (a < b) return -1;
        if (a > b) return 1;
        return (a === a ? 0 : 1) - (b === b ? 0 : 1) || i - j;
      });
    }
  };
}

/** Moving int32 through float kernels could change bits that look like a signalling NaN. */
function integerKernel(memory: Int32Array, name: KernelName): Kernel {
  const copy: Kernel = (n, x, out) => void memory.copyWithin(out! / 4, x! / 4, x! / 4 + n!);
  switch (name) {
    case 'copy':
      return copy;
    case 'repeatRows':
      return repeatRows(copy, 4);
    case 'fill':
      return (n, value, x) => void memory.fill(value!, x! / 4, x! / 4 + n!);
    case 'gather':
      return (n, x, index, out) => {
        for (let i = 0; i < n!; i++) {
          const from = memory[index! / 4 + i]!;
          memory[out! / 4 + i] = from < 0 ? 0 : memory[x! / 4 + from]!;
        }
      };
    case 'select':
      return (n, condition, x, y, out) => {
        for (let i = 0; i < n!; i++)
          memory[out! / 4 + i] = memory[(memory[condition! / 4 + i] === 0 ? y! : x!) / 4 + i]!;
      };
    case 'transpose':
      return (m, n, x, out) => {
        for (let i = 0; i < m!; i++) {
          for (let j = 0; j < n!; j++) memory[out! / 4 + j * m! + i] = memory[x! / 4 + i * n! + j]!;
        }
      };
    default:
      throw new ArgumentTypeError(`plan: ${name} has no int32 kernel; convert to a float type first`);
  }
}

function convert(workspace: Workspace, bytes: number, from: ElementType, to: ElementType): Kernel {
  const [source, sourceSize] = memoryOf(workspace, bytes, from);
  const [target, targetSize] = memoryOf(workspace, bytes, to);
  return (n, x, out) => {
    const [a, b] = [x! / sourceSize, out! / targetSize];
    for (let i = 0; i < n!; i++) target[b + i] = source[a + i]!;
  };
}

function memoryOf(
  workspace: Workspace,
  bytes: number,
  dtype: ElementType,
): [Float32Array | Float64Array | Int32Array, number] {
  if (dtype === 'float64') return [workspace.float64View(0, Math.floor(bytes / 8)), 8];
  const n = Math.floor(bytes / 4);
  return [dtype === 'float32' ? workspace.float32View(0, n) : workspace.int32View(0, n), 4];
}
