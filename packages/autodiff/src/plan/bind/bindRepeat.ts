import type { Kernel } from './composedKernels.js';

/** `count` calls, argument i moving by strides[i] from one to the next. */
export function bindRepeat(f: Kernel, args: readonly number[], count: number, strides: readonly number[]): () => void {
  const [a, b, c, d, e] = args as [number, number, number, number, number];
  const [, sb, sc, sd, se] = strides as [number, number, number, number, number];
  switch (args.length) {
    case 3: // copy
      return () => {
        for (let i = 0; i < count; i++) f(a, b + i * sb, c + i * sc);
      };
    case 4: // transpose, sums, repeatRows; gather, scatterAdd, whose second argument moves
      return () => {
        for (let i = 0; i < count; i++) f(a, b + i * sb, c + i * sc, d + i * sd);
      };
    case 5: // binaryRow, binaryColumn, transposeRuns
      return () => {
        for (let i = 0; i < count; i++) f(a, b, c + i * sc, d + i * sd, e + i * se);
      };
    case 15:
      return repeatGemm(f, args, count, strides);
    default:
      throw new TypeError(`plan: no repetition with ${args.length} arguments`);
  }
}

function repeatGemm(f: Kernel, args: readonly number[], count: number, strides: readonly number[]): () => void {
  const [transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, bias, activation] = args as number[];
  const [strideA, strideB, strideC] = [strides[6]!, strides[8]!, strides[11]!];
  return () => {
    for (let i = 0; i < count; i++) {
      const ai = a! + i * strideA;
      const bi = b! + i * strideB;
      const ci = c! + i * strideC;
      f(transA!, transB!, m!, n!, k!, alpha!, ai, lda!, bi, ldb!, beta!, ci, ldc!, bias!, activation!);
    }
  };
}
