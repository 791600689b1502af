import type { BinaryName, KernelTable, UnaryName } from '@hyperribbon/kernels';
import type { ElementType } from '../program.js';

/** Bytes of memory with a lifetime. Its address is settled last: in the arena, or in the caller's regions. */
export interface Buffer {
  readonly bytes: number;
  region: 'temporary' | 'input' | 'constant' | 'output';
  /** position among the inputs, constants or outputs; unused for temporaries */
  index: number;
  /** set when this buffer turned out to be a part of another one (a piece of a concatenation) */
  parent: Place | undefined;
}

/** A range of bytes of a buffer. */
export interface Place {
  readonly buffer: number;
  readonly offset: number;
  readonly bytes: number;
}

type Family = 'unary' | 'binary' | 'binaryScalar' | 'scalarBinary' | 'binaryRow' | 'binaryColumn';

/** A kernel of the tables, a member of one of their families, or one made of them: see composedKernels.ts. */
export type KernelName =
  | `unary.${UnaryName}`
  | `${Exclude<Family, 'unary'>}.${BinaryName}`
  | Exclude<keyof KernelTable, Family>
  | 'repeatRows'
  | 'maxColumns'
  | 'argsortRows'
  | `convert.${ElementType}`
  | 'checkIndex';

/**
 * One kernel call with its arguments in the kernel's order. Numbers are final; places become addresses when the plan is
 * bound to memory.
 */
export interface Instruction {
  readonly kernel: KernelName;
  /** which kernel table: the type of the numbers it works on */
  readonly dtype: ElementType;
  readonly args: readonly (number | Place)[];
  /** position in args of the place it writes; −1 for none */
  readonly out: number;
  /** the old contents of the written place matter */
  readonly accumulates: boolean;
  readonly flops: number;
  readonly strip?: Strip;
  /** run `count` times, argument i moving by strides[i] bytes (places only) */
  readonly repeat?: { readonly count: number; readonly strides: readonly number[] };
}

/**
 * How an instruction may be cut into blocks of rows. A flat one (args[count] elements) may be seen as any number of rows;
 * a structured one has exactly args[count] rows. Places move by bytes/rows per row, except the fixed ones.
 */
export interface Strip {
  /** position in args of the number that shrinks to the block */
  readonly count: 0 | 1;
  readonly structured: boolean;
  /** positions in args of places that every block reads whole */
  readonly fixed: readonly number[];
}

/** A range of bytes inside a place. */
export function subPlace({ buffer, offset }: Place, from: number, bytes: number): Place {
  return { buffer, offset: offset + from, bytes };
}

/** Is this argument a place, and not a number? */
export function isPlace(argument: number | Place): argument is Place {
  return typeof argument !== 'number';
}

/** Bytes of one element. */
export function elementBytes(dtype: ElementType): number {
  return dtype === 'float64' ? 8 : 4;
}
