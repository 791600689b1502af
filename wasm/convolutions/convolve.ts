// C ← relu(alpha P op(W) + beta C + bias), P (batch · oh · ow, kh · kw · channels) the patches of images (batch, height, width,
// channels) without padding, C is (batch · oh · ow, n). gemm of the patches, which are read where they lie in the images and never
// written. Order of summation, blocks of B, scratch and wide: those of gemm. 2 m n k flops.
import { blockLength, packB, panelColumns, A_BYTES, B_BYTES, LONGEST, TILE_BYTES } from '../linear/gemm';
import { emptyProduct, finishBlock, scaleBlock } from '../linear/gemmEpilogue';
import { multiplyRows } from './multiplyRows';
import { pixelOffsets } from './pixelOffsets';

// Rows of C per block: their patches of 64 channels lie in some 100 KiB of the images, which stay in L2 for all panels of B.
const ROWS: i32 = 240;

// prettier-ignore
function convolve<T>(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, oh: i32, ow: i32, n: i32, transW: i32, alpha: T, x: usize, w: usize, beta: T, c: usize, bias: usize, relu: i32, wide: i32, scratch: usize): void {
  const NR = panelColumns<T>(wide);
  const NC = <i32>(B_BYTES / sizeof<T>());
  const m = batch * oh * ow;
  const run = kw * channels;
  const k = kh * run;
  const KC = blockLength(k);
  const ldw = <usize>(transW ? k : n) * sizeof<T>();
  const ldc = <usize>n * sizeof<T>();
  const row = <usize>(width * channels) * sizeof<T>();
  const gap = row - <usize>run * sizeof<T>();
  const offsets = scratch + TILE_BYTES;
  const packedB = offsets + A_BYTES * LONGEST;
  if (k == 0) emptyProduct<T>(m, n, beta, c, ldc);
  for (let j = 0; j < n; j += NC) {
    const nc = min(NC, n - j);
    for (let p = 0; p < k; p += KC) {
      const kc = min(KC, k - p);
      const keep = i32(p > 0 || beta != 0);
      const from = transW ? w + <usize>j * ldw + <usize>p * sizeof<T>() : w + <usize>p * ldw + <usize>j * sizeof<T>();
      packB<T>(transW, NR, nc, kc, from, ldw, packedB);
      // the block of the sum starts in row `tap` of the patches
      const tap = p / run;
      const inside = p - tap * run;
      const start = x + <usize>tap * row + <usize>inside * sizeof<T>();
      for (let i = 0; i < m; i += ROWS) {
        const rows = min(ROWS, m - i);
        const to = c + <usize>i * ldc + <usize>j * sizeof<T>();
        if (p == 0 && beta != 0 && beta != 1) scaleBlock<T>(rows, nc, beta, to, ldc);
        pixelOffsets<T>(i, rows, height, width, channels, strideH, strideW, oh, ow, offsets);
        multiplyRows<T>(NR, rows, nc, kc, run - inside, run, gap, alpha, start, offsets, packedB, keep, to, ldc, scratch);
        if (p + KC >= k && (bias || relu)) finishBlock<T>(rows, nc, bias ? bias + <usize>j * sizeof<T>() : 0, relu, to, ldc);
      }
    }
  }
  if (k == 0 && (bias || relu)) finishBlock<T>(m, n, bias, relu, c, ldc);
}

// prettier-ignore
export function convolve32(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, oh: i32, ow: i32, n: i32, transW: i32, alpha: f32, x: usize, w: usize, beta: f32, c: usize, bias: usize, relu: i32, wide: i32, scratch: usize): void {
  convolve<f32>(batch, height, width, channels, kh, kw, strideH, strideW, oh, ow, n, transW, alpha, x, w, beta, c, bias, relu, wide, scratch);
}

// prettier-ignore
export function convolve64(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, oh: i32, ow: i32, n: i32, transW: i32, alpha: f64, x: usize, w: usize, beta: f64, c: usize, bias: usize, relu: i32, wide: i32, scratch: usize): void {
  convolve<f64>(batch, height, width, channels, kh, kw, strideH, strideW, oh, ow, n, transW, alpha, x, w, beta, c, bias, relu, wide, scratch);
}
