import { wideTiles } from './experimentalSimd.js';
import type { KernelTable } from './kernelTable.js';
import { Activation } from '../linearKernels.js';
import type { Find } from './linearTable.js';

type Convolutions = Pick<KernelTable, 'convolve' | 'convolveWeights' | 'convolveInput' | 'listedProduct'>;
type Map1 = (n: number, x: number, out: number) => void;

/**
 * The kernels of convolutions and of products with lists over the exports of a module.
 *
 * @param activate the map of an activation that the module does not fold in
 */
export function convolutionTable(find: Find, scratch: number, activate: (activation: number) => Map1): Convolutions {
  const need = (name: keyof Convolutions): ((...numbers: number[]) => number) => {
    const found = find(name);
    if (found === undefined) throw new TypeError(`createWorkspace: the kernel module does not export ${name}`);
    return found;
  };
  const [forward, weights, input] = [need('convolve'), need('convolveWeights'), need('convolveInput')];
  const listed = need('listedProduct');
  const wide = wideTiles() ? 1 : 0;
  return {
    // prettier-ignore
    convolve(batch, height, width, channels, kh, kw, strideH, strideW, oh, ow, n, transW, alpha, x, w, beta, c, bias, activation) {
      const relu = activation === Activation.relu ? 1 : 0;
      const map = activation === Activation.none || relu === 1 ? undefined : activate(activation);
      forward(batch, height, width, channels, kh, kw, strideH, strideW, oh, ow, n, transW, alpha, x, w, beta, c, bias, relu, wide, scratch);
      map?.(batch * oh * ow * n, c, c);
    },
    // prettier-ignore
    convolveWeights: (batch, height, width, channels, kh, kw, strideH, strideW, oh, ow, m, alpha, g, x, beta, c) =>
      weights(batch, height, width, channels, kh, kw, strideH, strideW, oh, ow, m, alpha, g, x, beta, c, wide, scratch),
    // prettier-ignore
    convolveInput: (batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, k, transW, alpha, g, w, alpha2, g2, w2, out) =>
      input(batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, k, transW, alpha, g, w, alpha2, g2, w2, out, wide, scratch),
    // prettier-ignore
    listedProduct: (transB, m, n, k, alpha, list, b, ldb, beta, c, ldc, bias) =>
      listed(transB, m, n, k, alpha, list, b, ldb, beta, c, ldc, bias, scratch),
  };
}

/**
 * Bytes of the list that `listEntries` makes of a matrix (m, k) with so many entries that are not zero.
 * @example listBytes(1, 1, 1, 'float32'); // 24
 */
export function listBytes(m: number, k: number, entries: number, dtype: 'float32' | 'float64'): number {
  const blocks = Math.ceil(k / LONGEST_SUM);
  return 4 * m * blocks + 4 + (dtype === 'float32' ? 8 : 16) * (entries + 1);
}

const SCRATCH_OF_PATCHES = 400 * 384;
const SCRATCH_OF_WEIGHTS = 400 * 3072;
const LONGEST_SUM = 400;

/**
 * Whether convolveInput has room for `products` products of k numbers per pixel with patches of n numbers.
 * @example convolveInputFits(64, 576, 2, 'float32'); // true
 */
export function convolveInputFits(k: number, n: number, products: number, dtype: 'float32' | 'float64'): boolean {
  const bytes = dtype === 'float32' ? 4 : 8;
  // widest panels: 64 bytes per row of W
  const weights = products * k * Math.ceil((n * bytes) / 64) * 64;
  return k <= LONGEST_SUM && n * bytes <= SCRATCH_OF_PATCHES && weights <= SCRATCH_OF_WEIGHTS;
}
