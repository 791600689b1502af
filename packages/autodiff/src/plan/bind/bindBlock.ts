import type { Kernel } from './composedKernels.js';
import type { Instruction } from '../instruction.js';

/** Runs an instruction on `count` rows from `row` on. */
export type Block = (row: number, count: number) => void;

/**
 * Binds an instruction of a group: addresses move by strides[i] bytes per row. Numbers that do not move (alpha) are kept
 * out of the arithmetic, which would box them and lose the sign of −0.
 */
export function bindBlock(
  { kernel, args, strip }: Instruction,
  f: Kernel,
  numbers: readonly number[],
  strides: readonly number[],
  rows: number,
): Block {
  const [p0, p1, p2, p3, p4, p5] = numbers as [number, number, number, number, number, number];
  const [, s1, s2, s3, s4, s5] = strides as [number, number, number, number, number, number];
  if (strip!.structured) {
    if (args.length === 4) return (row, count) => f(count, p1, p2 + row * s2, p3 + row * s3);
    return (row, count) => f(count, p1, p2 + row * s2, p3 + row * s3, p4 + row * s4);
  }
  // elements per row: flat kernels count elements
  const width = (strip!.count === 1 ? p1 : p0) / rows;
  if (strip!.count === 1) return (row, count) => f(1, count * width, p2 + row * s2, p3, p4 + row * s4);
  const family = kernel.split('.')[0];
  switch (family) {
    case 'fill':
      return (row, count) => f(count * width, p1, p2 + row * s2);
    case 'unary':
    case 'copy':
      return (row, count) => f(count * width, p1 + row * s1, p2 + row * s2);
    case 'binary':
      return (row, count) => f(count * width, p1 + row * s1, p2 + row * s2, p3 + row * s3);
    case 'binaryScalar':
      return (row, count) => f(count * width, p1 + row * s1, p2, p3 + row * s3);
    case 'scalarBinary':
    case 'axpy':
      return (row, count) => f(count * width, p1, p2 + row * s2, p3 + row * s3);
    case 'multiplyAdd':
    case 'select':
      return (row, count) => f(count * width, p1 + row * s1, p2 + row * s2, p3 + row * s3, p4 + row * s4);
    case 'axpby':
      return (row, count) => f(count * width, p1, p2 + row * s2, p3, p4 + row * s4, p5 + row * s5);
    default:
      throw new TypeError(`plan: ${kernel} cannot run in blocks`);
  }
}
