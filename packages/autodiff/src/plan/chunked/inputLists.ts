import { type Dtype, listBytes, type Workspace } from '@hyperribbon/kernels';
import { type DataArray, dtypeOf } from '../../dataArray.js';
import type { KeptList } from '../bind/bindListed.js';
import { aligned } from '../memory/bestFit.js';
import { type Instruction, isPlace } from '../instruction.js';
import type { LinearizedParts } from './linearizedParts.js';
import type { Plan } from '../plan.js';

/** A product whose first matrix op(A) (m, k) is a primal input. */
interface ListedProduct {
  readonly input: number;
  readonly trans: number;
  readonly m: number;
  readonly k: number;
  readonly dtype: Dtype;
}

/** Lists of the inputs of one chunk: of an input (m, k) one by its rows, one by its columns where a product wants them so. */
export interface InputLists {
  /** the list for a product of the primal or the tangent program: there are those that the tangent program wants */
  of(plan: Plan, instruction: Instruction): KeptList | undefined;
  /** Makes the lists again of the data that are in place; what has no room has none. */
  make(): void;
}

/** C has to fill a good part of the 32 columns that go at a time. */
const fewestColumns = 24;

/** Bytes for the lists of one chunk. @param entries by primal input: how many are not zero, undefined where no list is wanted */
export function listsBytes(part: LinearizedParts, entries: readonly (number | undefined)[]): number {
  return wanted(part, entries).reduce((sum, product) => sum + bytesOf(product, entries[product.input]!), 0);
}

/**
 * Lays the lists of one chunk into the workspace.
 *
 * @param data by primal input: its address and its array
 */
export function layLists(
  workspace: Workspace,
  part: LinearizedParts,
  entries: readonly (number | undefined)[],
  data: readonly { readonly pointer: number; readonly values: DataArray }[],
): InputLists {
  const lists = wanted(part, entries).map((product) => {
    const room = entries[product.input]!;
    const kept: KeptList = { pointer: workspace.allocate(bytesOf(product, room)), entries: room, made: false };
    return { product, kept };
  });
  return {
    of(plan, instruction) {
      const product = productOf(part, plan, instruction);
      return product && lists.find((list) => same(list.product, product))?.kept;
    },
    make() {
      const counts = new Map<number, number>();
      for (const { product, kept } of lists) {
        const { input, trans, m, k, dtype } = product;
        const { pointer, values } = data[input]!;
        const count = counts.get(input) ?? entriesOf(values);
        counts.set(input, count);
        kept.made = count <= kept.entries;
        if (kept.made) workspace[dtype].listEntries(trans, m, k, pointer, trans === 0 ? k : m, kept.pointer);
      }
    },
  };
}

/**
 * How many numbers are not zero; NaN is not. Counted from the bits, without branches: in 0.3 of the time of comparisons on images.
 * @example entriesOf(Float32Array.of(0, -0, 2, NaN)); // 2
 */
export function entriesOf(values: DataArray): number {
  const words = new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  let count = 0;
  if (values.BYTES_PER_ELEMENT === 8) {
    for (let i = 0; i < words.length; i += 2) {
      const bits = words[i]! | (words[i + 1]! << 1);
      count += (bits | -bits) >>> 31;
    }
    return count;
  }
  // the sign of a float is no entry
  const sign = dtypeOf(values) === 'int32' ? 0 : 1;
  for (let i = 0; i < words.length; i++) {
    const bits = words[i]! << sign;
    count += (bits | -bits) >>> 31;
  }
  return count;
}

function wanted(part: LinearizedParts, entries: readonly (number | undefined)[]): readonly ListedProduct[] {
  const found: ListedProduct[] = [];
  for (const { instructions } of part.tangent.steps) {
    const product = instructions.length === 1 ? productOf(part, part.tangent, instructions[0]!) : undefined;
    if (product === undefined || entries[product.input] === undefined) continue;
    if (!found.some((other) => same(other, product))) found.push(product);
  }
  return found;
}

/** The product that an instruction is, if its first matrix is a whole primal input and nothing but a bias follows. */
function productOf(part: LinearizedParts, plan: Plan, instruction: Instruction): ListedProduct | undefined {
  const { kernel, dtype, args, repeat } = instruction;
  if (kernel !== 'gemm' || repeat !== undefined || dtype === 'int32') return undefined;
  const [trans, , m, n, k, , , lda] = args as readonly number[];
  const place = args[6]!;
  if (!isPlace(place) || args[14] !== 0 || n! < fewestColumns || lda !== (trans === 0 ? k : m)) return undefined;
  const input = inputAt(part, plan, place.buffer);
  const whole = place.offset === 0 && place.bytes === m! * k! * (dtype === 'float64' ? 8 : 4);
  return input !== undefined && whole ? { input, trans: trans!, m: m!, k: k!, dtype } : undefined;
}

/** The primal input that a buffer of a program is. */
function inputAt({ residuals, tangent }: LinearizedParts, plan: Plan, buffer: number): number | undefined {
  const { region, index } = plan.buffers[buffer]!;
  if (region !== 'input' || plan !== tangent) return region === 'input' ? index : undefined;
  const residual = residuals[index];
  return residual !== undefined && 'input' in residual ? residual.input : undefined;
}

function same(a: ListedProduct, b: ListedProduct): boolean {
  return a.input === b.input && a.trans === b.trans && a.m === b.m && a.k === b.k;
}

function bytesOf({ m, k, dtype }: ListedProduct, entries: number): number {
  return aligned(listBytes(m, k, entries, dtype));
}
