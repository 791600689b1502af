import type { Workspace } from '@hyperribbon/kernels';
import type { Kernel } from './composedKernels.js';
import type { Instruction } from '../instruction.js';

/** A list of the entries of an input that are not zero, in memory of the plan: see `listEntries` of the kernels. */
export interface KeptList {
  readonly pointer: number;
  /** what there is room for */
  readonly entries: number;
  /** whether it is that of the data of today */
  made: boolean;
}

/** A product whose first matrix has a list: gemm where the list is not made, and where the second one has infinities or NaN. */
export function bindListed(
  workspace: Workspace,
  { dtype }: Instruction,
  gemm: Kernel,
  numbers: readonly number[],
  list: KeptList,
): () => void {
  const { listedProduct } = workspace[dtype as 'float32' | 'float64'];
  const [, transB, m, n, k, alpha, , , b, ldb, beta, c, ldc, bias] = numbers as readonly number[] & { length: 15 };
  const dense = gemm.bind(undefined, ...numbers);
  const { pointer } = list;
  return () => {
    if (list.made && listedProduct(transB!, m!, n!, k!, alpha!, pointer, b!, ldb!, beta!, c!, ldc!, bias!) === 1)
      return;
    dense();
  };
}
