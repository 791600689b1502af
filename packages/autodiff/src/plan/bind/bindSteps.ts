import type { Workspace } from '@hyperribbon/kernels';
import type { Spec } from '../../program.js';
import { sizeOf } from '../../specs.js';
import { bindBlock } from './bindBlock.js';
import { bindListed, type KeptList } from './bindListed.js';
import { bindRepeat } from './bindRepeat.js';
import { kernelOf } from './composedKernels.js';
import { elementBytes, type Instruction, isPlace, type Place } from '../instruction.js';
import type { Plan } from '../plan.js';

/** Byte addresses of the regions of a plan. */
export interface Addresses {
  readonly arena: number;
  readonly inputs: readonly number[];
  readonly constants: readonly number[];
  readonly outputs: readonly number[];
  /** the list of the first matrix of a product, where one is kept */
  readonly listOf?: ((instruction: Instruction) => KeptList | undefined) | undefined;
}

export type Step = () => void;

/** Turns the steps of a plan into calls with final addresses; running them allocates nothing. */
export function bindSteps(plan: Plan, workspace: Workspace, addresses: Addresses): Step[] {
  const address = (place: Place): number => {
    const { region, index } = plan.buffers[place.buffer]!;
    if (region === 'temporary') return addresses.arena + plan.layout.offsets[place.buffer]! + place.offset;
    const bases = region === 'input' ? addresses.inputs : region === 'output' ? addresses.outputs : addresses.constants;
    return bases[index]! + place.offset;
  };
  const end = endOf(plan, addresses);
  return plan.steps.map(({ instructions, rows, blockRows }) => {
    const numbers = instructions.map(({ args }) => args.map((arg) => (isPlace(arg) ? address(arg) : arg)));
    const kernels = instructions.map(({ kernel, dtype }) => kernelOf(workspace, end, kernel, dtype));
    if (rows === undefined) {
      const { repeat } = instructions[0]!;
      const list = addresses.listOf?.(instructions[0]!);
      if (list !== undefined) return bindListed(workspace, instructions[0]!, kernels[0]!, numbers[0]!, list);
      // bound, since a closure that spreads its arguments would allocate an array per call
      if (repeat === undefined) return kernels[0]!.bind(undefined, ...numbers[0]!);
      return bindRepeat(kernels[0]!, numbers[0]!, repeat.count, repeat.strides);
    }
    const blocks = instructions.map((instruction, i) => {
      const strides = instruction.args.map((arg, j) => {
        if (!isPlace(arg) || plan.layout.local[arg.buffer] || instruction.strip!.fixed.includes(j)) return 0;
        return arg.bytes / rows;
      });
      return bindBlock(instruction, kernels[i]!, numbers[i]!, strides, rows);
    });
    return () => {
      for (let row = 0; row < rows; row += blockRows) {
        const count = Math.min(blockRows, rows - row);
        for (let i = 0; i < blocks.length; i++) blocks[i]!(row, count);
      }
    };
  });
}

/** The first byte behind everything that the plan touches. */
function endOf(plan: Plan, { arena, inputs, outputs, constants }: Addresses): number {
  const behind = (pointers: readonly number[], specs: readonly Spec[]): number[] =>
    specs.map(({ shape, dtype }, i) => pointers[i]! + sizeOf(shape) * elementBytes(dtype));
  const data = plan.constants.map(({ byteLength }, i) => constants[i]! + byteLength);
  return Math.max(arena + plan.layout.total, ...behind(inputs, plan.inputs), ...behind(outputs, plan.outputs), ...data);
}
