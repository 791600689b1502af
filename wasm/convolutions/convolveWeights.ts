// C ← alpha Gᵀ P + beta C, P (batch · oh · ow, kh · kw · channels) the patches of images (batch, height, width, channels) without
// padding, G is (batch · oh · ow, m), C is (m, kh · kw · channels): the backward pass of a convolution by its weights. gemm of the
// patches, which go from the images straight into packed panels. Order of summation, blocks, scratch and wide: those of gemm.
import {
  blockLength,
  blockRows,
  panelColumns,
  panelWidth,
  A_BYTES,
  B_BYTES,
  LONGEST,
  TILE_BYTES,
} from '../linear/gemm';
import { emptyProduct, scaleBlock } from '../linear/gemmEpilogue';
import { loadPart, storePart } from '../lanes';
import { packRows } from '../linear/gemmPack';
import { multiplyRows } from './multiplyRows';
import { pixelOffsets, rowOffsets } from './pixelOffsets';

// prettier-ignore
function convolveWeights<T>(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, oh: i32, ow: i32, m: i32, alpha: T, g: usize, x: usize, beta: T, c: usize, wide: i32, scratch: usize): void {
  const NR = panelColumns<T>(wide);
  const MC = blockRows<T>();
  const NC = <i32>(B_BYTES / sizeof<T>());
  const run = kw * channels;
  const n = kh * run;
  const k = batch * oh * ow;
  const KC = blockLength(k);
  const ldg = <usize>m * sizeof<T>();
  const ldc = <usize>n * sizeof<T>();
  const row = <usize>(width * channels) * sizeof<T>();
  const rows = scratch + TILE_BYTES;
  const packedB = rows + A_BYTES * LONGEST;
  const offsets = packedB + B_BYTES * LONGEST;
  if (k == 0) emptyProduct<T>(m, n, beta, c, ldc);
  for (let j = 0; j < n; j += NC) {
    const nc = min(NC, n - j);
    for (let p = 0; p < k; p += KC) {
      const kc = min(KC, k - p);
      const keep = i32(p > 0 || beta != 0);
      pixelOffsets<T>(p, kc, height, width, channels, strideH, strideW, oh, ow, offsets);
      packPatches<T>(NR, j, nc, kc, run, row, x, offsets, packedB);
      for (let i = 0; i < m; i += MC) {
        const mc = min(MC, m - i);
        const to = c + <usize>i * ldc + <usize>j * sizeof<T>();
        if (p == 0 && beta != 0 && beta != 1) scaleBlock<T>(mc, nc, beta, to, ldc);
        // the block of G turned: its rows are then the rows of the tiles
        packRows<T>(kc, kc, mc, g + <usize>p * ldg + <usize>i * sizeof<T>(), ldg, rows);
        rowOffsets(0, mc, <usize>kc * sizeof<T>(), offsets);
        multiplyRows<T>(NR, mc, nc, kc, kc, kc, 0, alpha, rows, offsets, packedB, keep, to, ldc, scratch);
      }
    }
  }
}

/** Panels of nc columns of the patches from column j on, for the k pixels at offsets, as packB would make them. */
// prettier-ignore
function packPatches<T>(NR: i32, j: i32, nc: i32, k: i32, run: i32, row: usize, x: usize, offsets: usize, packed: usize): void {
  const end = j + nc;
  while (j < end) {
    const width = panelWidth<T>(NR, end - j);
    const step = <usize>width * sizeof<T>();
    const stop = min(j + width, end);
    let to = packed;
    // the columns of a panel lie in one row of the patch or in several
    while (j < stop) {
      const tap = j / run;
      const inside = j - tap * run;
      const length = min(run - inside, stop - j);
      copyColumns<T>(k, length, x + <usize>tap * row + <usize>inside * sizeof<T>(), offsets, to, step);
      j += length;
      to += <usize>length * sizeof<T>();
    }
    for (; to < packed + step; to += sizeof<T>()) clearColumn<T>(k, to, step);
    packed += <usize>k * step;
  }
}

/** dst[p · step] ← n numbers at src + offsets[p], for k pixels p */
function copyColumns<T>(k: i32, n: i32, src: usize, offsets: usize, dst: usize, step: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  if (n == lanes << 2) {
    for (; k > 0; --k) {
      const from = src + <usize>load<u32>(offsets);
      v128.store(dst, v128.load(from));
      v128.store(dst, v128.load(from, 16), 16);
      v128.store(dst, v128.load(from, 32), 32);
      v128.store(dst, v128.load(from, 48), 48);
      offsets += 4;
      dst += step;
    }
    return;
  }
  for (; k > 0; --k) {
    let from = src + <usize>load<u32>(offsets);
    let to = dst;
    let left = n;
    for (; left >= lanes; left -= lanes) {
      v128.store(to, v128.load(from));
      from += 16;
      to += 16;
    }
    if (left > 0) storePart<T>(left, loadPart<T>(left, from), to);
    offsets += 4;
    dst += step;
  }
}

function clearColumn<T>(k: i32, dst: usize, step: usize): void {
  for (; k > 0; --k) {
    store<T>(dst, 0);
    dst += step;
  }
}

// prettier-ignore
export function convolveWeights32(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, oh: i32, ow: i32, m: i32, alpha: f32, g: usize, x: usize, beta: f32, c: usize, wide: i32, scratch: usize): void {
  convolveWeights<f32>(batch, height, width, channels, kh, kw, strideH, strideW, oh, ow, m, alpha, g, x, beta, c, wide, scratch);
}

// prettier-ignore
export function convolveWeights64(batch: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, strideH: i32, strideW: i32, oh: i32, ow: i32, m: i32, alpha: f64, g: usize, x: usize, beta: f64, c: usize, wide: i32, scratch: usize): void {
  convolveWeights<f64>(batch, height, width, channels, kh, kw, strideH, strideW, oh, ow, m, alpha, g, x, beta, c, wide, scratch);
}
