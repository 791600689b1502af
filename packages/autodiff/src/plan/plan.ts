import { MemoryLimitError, requireNoOthers } from '@hyperribbon/contract';
import type { DataArray } from '../dataArray.js';
import type { Program, Spec } from '../program.js';
import { sizeOf } from '../specs.js';
import { aligned } from './memory/bestFit.js';
import { dependencies } from './memory/dependencies.js';
import { fuse, type Group } from './memory/fuse.js';
import type { IndexCheck } from './lower/indexCheck.js';
import { elementBytes, isPlace, type Buffer, type Instruction } from './instruction.js';
import { layout, type Layout } from './memory/layout.js';
import { lower } from './lower/lower.js';
import { rootInstructions } from './memory/rootPlace.js';
import { frugalOrder, programOrder } from './memory/schedule.js';

/** Memory of WebAssembly ends here: 4 GiB, and no page more. */
export const largestMemory: number = 2 ** 32 - 65536;

/** One kernel call, or a group of them that walks over blocks of rows together. */
export interface PlannedStep {
  readonly instructions: readonly Instruction[];
  /** undefined for a single call */
  readonly rows: number | undefined;
  readonly blockRows: number;
  readonly flops: number;
}

/** What a program does to memory, as data: every address is known up to the base of its region. */
export interface Plan {
  readonly inputs: readonly Spec[];
  readonly outputs: readonly Spec[];
  readonly constants: readonly DataArray[];
  readonly buffers: readonly Buffer[];
  readonly layout: Layout;
  readonly steps: readonly PlannedStep[];
  readonly checks: readonly IndexCheck[];
  /** arena, inputs, constants and outputs, each rounded up to whole cache lines */
  readonly bytes: number;
  readonly flops: number;
}

export interface PlanOptions {
  /** refuse plans that need more bytes than this */
  readonly memoryLimit?: number;
  /** for every output: true where the result is added to what the output already holds */
  readonly accumulate?: readonly boolean[];
  /** false: one kernel call per step, for comparisons */
  readonly fused?: boolean;
  /** groups run in blocks of at most so many bytes per operand; default 8192: a handful of operands then stays in the L1 cache */
  readonly blockBytes?: number;
}

/**
 * Plans a program: which kernels run on which bytes, in which order, before anything runs. The order may differ from the
 * program's where that keeps fewer bytes alive; it depends on the program only.
 *
 * @throws MemoryLimitError naming the bytes needed if they exceed options.memoryLimit
 * @example plan(trace(sin, [float64(100)]).program).steps.length; // 1
 */
export function plan(program: Program, options: PlanOptions = {}): Plan {
  const { memoryLimit = Infinity, accumulate = [], fused = true, blockBytes = 8192, ...others } = options;
  requireNoOthers('plan', others, 'PlanOptions');
  const { emitter, checks } = lower(program, accumulate);
  const { buffers, constants } = emitter;
  const instructions = rootInstructions(buffers, emitter.instructions);
  const before = dependencies(instructions);
  const groups: Group[] = fused
    ? fuse(instructions, before)
    : instructions.map((_, i) => ({ members: [i], rows: undefined }));
  const { order, arena } = bestOrder(buffers, instructions, groups, before, blockBytes);
  const steps = order.map(({ members, rows }, g): PlannedStep => {
    const list = members.map((member) => instructions[member]!);
    const flops = list.reduce((sum, instruction) => sum + instruction.flops, 0);
    return { instructions: list, rows, blockRows: arena.blocks[g]!, flops };
  });
  const inputs = program.inputs.map((value) => program.values[value]!);
  const outputs = program.outputs.map((value) => program.values[value]!);
  const size = ({ shape, dtype }: Spec): number => aligned(sizeOf(shape) * elementBytes(dtype));
  const bytes =
    arena.total +
    [...inputs, ...outputs].reduce((sum, spec) => sum + size(spec), 0) +
    constants.reduce((sum, data) => sum + aligned(data.byteLength), 0);
  if (bytes > memoryLimit) {
    const parts = `${arena.total} for intermediates, the rest for inputs, outputs and constants`;
    const message = `plan: needs ${bytes} bytes (${parts}), but memoryLimit is ${memoryLimit}`;
    throw new MemoryLimitError(message, bytes, memoryLimit);
  }
  const flops = steps.reduce((sum, step) => sum + step.flops, 0);
  return { inputs, outputs, constants, buffers, layout: arena, steps, checks, bytes, flops };
}

/**
 * Bytes and floating-point operations of one run: a multiply-add counts 2, an elementwise function 1 per element.
 * @example programCost(trace(matmul, [float64(2, 3), float64(3, 4)]).program).flops; // 48
 */
export function programCost(program: Program): { bytes: number; flops: number } {
  const { bytes, flops } = plan(program);
  return { bytes, flops };
}

function bestOrder(
  buffers: readonly Buffer[],
  instructions: readonly Instruction[],
  groups: readonly Group[],
  before: readonly (readonly number[])[],
  blockBytes: number,
): { order: Group[]; arena: Layout } {
  const sizes = buffers.map(({ region, bytes }) => (region === 'temporary' ? aligned(bytes) : 0));
  const uses = groups.map(({ members }) => {
    const places = members.flatMap((member) => instructions[member]!.args.filter(isPlace));
    return [...new Set(places.map(({ buffer }) => buffer))];
  });
  const orders = [programOrder(groups, before), frugalOrder(groups, before, uses, sizes)];
  const arenas = orders.map((order) => layout(buffers, instructions, order, blockBytes));
  const best = arenas[1]!.total < arenas[0]!.total ? 1 : 0;
  return { order: orders[best]!, arena: arenas[best]! };
}
