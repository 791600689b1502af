import type { BinaryName } from '@hyperribbon/kernels';
import type { DataArray } from '../../dataArray.js';
import type { ElementType } from '../../program.js';
import { elementBytes, type Buffer, type Instruction, type KernelName, type Place } from '../instruction.js';

/** Instructions with a row longer than this are not cut into blocks of rows: one row would not fit the L1 cache. */
const longestRow = 8192;

/** Collects the buffers and instructions of a plan, knowing for each kernel how it may be cut into blocks. */
export class Emitter {
  readonly buffers: Buffer[] = [];
  readonly instructions: Instruction[] = [];
  readonly constants: DataArray[] = [];

  buffer(bytes: number, region: Buffer['region'] = 'temporary', index = -1): Place {
    this.buffers.push({ bytes, region, index, parent: undefined });
    return { buffer: this.buffers.length - 1, offset: 0, bytes };
  }

  temporary(elements: number, dtype: ElementType): Place {
    return this.buffer(elements * elementBytes(dtype));
  }

  constant(data: DataArray): Place {
    this.constants.push(data);
    return this.buffer(data.byteLength, 'constant', this.constants.length - 1);
  }

  /** One kernel call that is never cut; the last argument is written unless `out` says otherwise. */
  call(
    kernel: KernelName,
    dtype: ElementType,
    args: readonly (number | Place)[],
    more: Partial<Pick<Instruction, 'out' | 'accumulates' | 'flops' | 'repeat' | 'strip'>> = {},
  ): void {
    this.instructions.push({ kernel, dtype, args, out: args.length - 1, accumulates: false, flops: 0, ...more });
  }

  /** Elementwise kernel over args[0] elements. */
  flat(kernel: KernelName, dtype: ElementType, args: readonly (number | Place)[], accumulates = false): void {
    const flops = (kernel === 'copy' || kernel === 'fill' ? 0 : 1) * (args[0] as number);
    const strip = { count: 0, structured: false, fixed: [] } as const;
    this.call(kernel, dtype, args, dtype === 'int32' ? { flops } : { flops, accumulates, strip });
  }

  /** The result of an elementwise kernel over `n` elements, in memory of its own. */
  fresh(kernel: KernelName, dtype: ElementType, n: number, ...args: readonly (number | Place)[]): Place {
    const out = this.temporary(n, dtype);
    this.flat(kernel, dtype, [n, ...args, out]);
    return out;
  }

  /** Is this place a whole temporary buffer, free to be taken over? */
  owns({ buffer, bytes }: Place): boolean {
    const { region, parent, bytes: all } = this.buffers[buffer]!;
    return region === 'temporary' && parent === undefined && bytes === all && bytes > 0;
  }

  /** out ← f(x, y) with y one number in memory. */
  binaryPlaceScalar(name: BinaryName, dtype: ElementType, n: number, x: Place, y: Place, out: Place): void {
    const strip = { count: 1, structured: false, fixed: [3] } as const;
    this.call(`binaryColumn.${name}`, dtype, [1, n, x, y, out], { flops: n, strip });
  }

  /** Kernel over args[0] rows of args[1] elements; `fixed` arguments are read whole by every block of rows. */
  rows(kernel: KernelName, dtype: ElementType, args: readonly (number | Place)[], fixed: readonly number[] = []): void {
    const [m, n] = args as readonly [number, number];
    const strip = { count: 0, structured: true, fixed } as const;
    this.call(kernel, dtype, args, n <= longestRow && m > 1 ? { flops: m * n, strip } : { flops: m * n });
  }

  /** out ← x for `count` rows of `n` elements, `from` and `to` bytes apart */
  copyRows(dtype: ElementType, count: number, n: number, x: Place, from: number, out: Place, to: number): void {
    const width = n * elementBytes(dtype);
    const whole = (place: Place): Place => ({ ...place, bytes: count * width });
    if (count === 1 || (from === width && to === width)) this.flat('copy', dtype, [count * n, whole(x), whole(out)]);
    else this.call('copy', dtype, [n, x, out], { repeat: { count, strides: [0, from, to] } });
  }
}
