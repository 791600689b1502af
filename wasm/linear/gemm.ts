// C ← relu(alpha op(A) op(B) + beta C + bias), C is (m, n), the sums have length k; row-major, leading dimensions in elements,
// any alignment; C overlaps neither A nor B. 2 m n k flops.
// Blocking after [goto2008] and [vanzee2015]: B is packed in panels of NC columns and KC rows, A in blocks of MC rows, and
// tiles of 6 × NR entries of C take one panel of each. Order per entry of C: packages/kernels/src/summationOrder.md.
// scratch: SCRATCH_BYTES of linearTable.ts, 16-aligned. wide = 1: tiles of twice the columns (see gemmTileWide.ts); bits do not change.
import { gemmTile } from './gemmTile';
import { gemmTileWide } from './gemmTileWide';
import { packColumns, packRows } from './gemmPack';
import { LIST_BYTES, allFinite, dropZeros, looksSparse } from './gemmZeros';
import { emptyProduct, finishBlock, scaleBlock } from './gemmEpilogue';
import { MR, WIDE } from './tileSizes';

// The longest block of the sum, part of the order of summation: the same number for both dtypes and flavours. 400 steps of the
// widest panels of A and B take 35 KiB of a 48 KiB L1 cache in float32; shorter blocks read and write C more often.
export const LONGEST: i32 = 400;
// Bytes per step of the sum: blocks of at most 150 KiB of A and 1200 KiB of B stay in a 2 MiB L2 cache. (Blocks of A of twice
// the rows: 0.97 times as fast at n = 768.)
export const A_BYTES: i32 = 384;
export const B_BYTES: i32 = 3072;
export const TILE_BYTES: usize = 512;
// Fewer columns do not pay for looking for zeros in A.
const LEAST_COLUMNS: i32 = 64;

export function gemm32(
  transA: i32,
  transB: i32,
  m: i32,
  n: i32,
  k: i32,
  alpha: f32,
  a: usize,
  lda: i32,
  b: usize,
  ldb: i32,
  beta: f32,
  c: usize,
  ldc: i32,
  bias: usize,
  relu: i32,
  wide: i32,
  scratch: usize,
): void {
  gemm<f32>(transA, transB, m, n, k, alpha, a, lda << 2, b, ldb << 2, beta, c, ldc << 2, bias, relu, wide, scratch);
}

export function gemm64(
  transA: i32,
  transB: i32,
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  lda: i32,
  b: usize,
  ldb: i32,
  beta: f64,
  c: usize,
  ldc: i32,
  bias: usize,
  relu: i32,
  wide: i32,
  scratch: usize,
): void {
  gemm<f64>(transA, transB, m, n, k, alpha, a, lda << 3, b, ldb << 3, beta, c, ldc << 3, bias, relu, wide, scratch);
}

// From here on leading dimensions are in bytes.
function gemm<T>(
  transA: i32,
  transB: i32,
  m: i32,
  n: i32,
  k: i32,
  alpha: T,
  a: usize,
  lda: usize,
  b: usize,
  ldb: usize,
  beta: T,
  c: usize,
  ldc: usize,
  bias: usize,
  relu: i32,
  wide: i32,
  scratch: usize,
): void {
  const NR = panelColumns<T>(wide);
  const MC = blockRows<T>();
  const NC = <i32>(B_BYTES / sizeof<T>());
  const KC = blockLength(k);
  const packedA = scratch + TILE_BYTES;
  const packedB = packedA + A_BYTES * LONGEST;
  const lists = packedB + B_BYTES * LONGEST;
  if (k == 0) emptyProduct<T>(m, n, beta, c, ldc);
  for (let j = 0; j < n; j += NC) {
    const nc = min(NC, n - j);
    const blockC = c + <usize>j * sizeof<T>();
    for (let p = 0; p < k; p += KC) {
      const kc = min(KC, k - p);
      const keep = i32(p > 0 || beta != 0);
      let finite = -1;
      const endB = packB<T>(
        transB,
        NR,
        nc,
        kc,
        transB ? b + <usize>j * ldb + <usize>p * sizeof<T>() : b + <usize>p * ldb + <usize>j * sizeof<T>(),
        ldb,
        packedB,
      );
      for (let i = 0; i < m; i += MC) {
        const mc = min(MC, m - i);
        const rowsC = blockC + <usize>i * ldc;
        if (p == 0 && beta != 0 && beta != 1) scaleBlock<T>(mc, nc, beta, rowsC, ldc);
        const endA = packA<T>(
          transA,
          mc,
          kc,
          transA ? a + <usize>p * lda + <usize>i * sizeof<T>() : a + <usize>i * lda + <usize>p * sizeof<T>(),
          lda,
          packedA,
        );
        let list: usize = 0;
        if (nc >= LEAST_COLUMNS && looksSparse<T>(packedA, endA)) {
          // 0 · Infinity is NaN, so zeros count as nothing only where this part of B, looked through once, has numbers alone.
          if (finite < 0) finite = allFinite<T>(packedB, endB);
          if (finite) dropZeros<T>(kc, packedA, endA, (list = lists));
        }
        multiplyBlock<T>(NR, mc, nc, kc, alpha, packedA, packedB, list, keep, rowsC, ldc, scratch);
      }
    }
    if (bias || relu) finishBlock<T>(m, nc, bias ? bias + <usize>j * sizeof<T>() : 0, relu, blockC, ldc);
  }
}

/** The sum falls into as few blocks of at most LONGEST steps as possible, equal but for rounding up to a multiple of 4. */
export function blockLength(k: i32): i32 {
  const blocks = max(1, (k + LONGEST - 1) / LONGEST);
  return ((k + blocks - 1) / blocks + 3) & ~3;
}

function packA<T>(trans: i32, mc: i32, kc: i32, a: usize, lda: usize, packed: usize): usize {
  for (let i = 0; i < mc; i += MR) {
    const valid = min(MR, mc - i);
    if (trans) packColumns<T>(MR, valid, kc, a + <usize>i * sizeof<T>(), lda, packed);
    else packRows<T>(MR, valid, kc, a + <usize>i * lda, lda, packed);
    packed += <usize>(MR * kc) * sizeof<T>();
  }
  return packed;
}

export function packB<T>(trans: i32, NR: i32, nc: i32, kc: i32, b: usize, ldb: usize, packed: usize): usize {
  for (let j = 0; j < nc; j += NR) {
    const width = panelWidth<T>(NR, nc - j);
    const valid = min(width, nc - j);
    if (trans) packRows<T>(width, valid, kc, b + <usize>j * ldb, ldb, packed);
    else packColumns<T>(width, valid, kc, b + <usize>j * sizeof<T>(), ldb, packed);
    packed += <usize>(width * kc) * sizeof<T>();
  }
  return packed;
}

/** Rows of a block of A: whole tiles. */
export function blockRows<T>(): i32 {
  return (<i32>(A_BYTES / sizeof<T>()) / MR) * MR;
}

/** Columns of a tile of C. */
export function panelColumns<T>(wide: i32): i32 {
  return (<i32>(32 / sizeof<T>())) << (wide & WIDE);
}

// The last panel of wide tiles falls back to a narrow one when that holds what is left.
export function panelWidth<T>(NR: i32, left: i32): i32 {
  const narrow = <i32>(32 / sizeof<T>());
  return left <= narrow ? narrow : NR;
}

function multiplyBlock<T>(
  NR: i32,
  mc: i32,
  nc: i32,
  kc: i32,
  alpha: T,
  packedA: usize,
  packedB: usize,
  list: usize,
  keep: i32,
  c: usize,
  ldc: usize,
  tile: usize,
): void {
  for (let j = 0; j < nc; j += NR) {
    const width = panelWidth<T>(NR, nc - j);
    multiplyPanel<T>(width, min(width, nc - j), mc, kc, alpha, packedA, packedB, list, keep, c, ldc, tile);
    packedB += <usize>(width * kc) * sizeof<T>();
    c += <usize>NR * sizeof<T>();
  }
}

// list = 0: the panels of A are whole.
function multiplyPanel<T>(
  width: i32,
  valid: i32,
  mc: i32,
  kc: i32,
  alpha: T,
  a: usize,
  b: usize,
  list: usize,
  keep: i32,
  c: usize,
  ldc: usize,
  tile: usize,
): void {
  const bytes = <usize>width * sizeof<T>();
  const panel = <usize>(MR * kc) * sizeof<T>();
  for (let i = 0; i < mc; i += MR) {
    if (valid == width && mc - i >= MR) {
      if (WIDE == 0 || bytes == 32) gemmTile<T>(kc, alpha, a, b, list, keep, c, ldc);
      else gemmTileWide<T>(kc, alpha, a, b, list, keep, c, ldc);
    } else {
      // Edge: a whole tile into scratch, then the part of it that exists. (keep: the tile starts from the old entries)
      const rows = min(MR, mc - i);
      if (keep) copyTile(rows, <usize>valid * sizeof<T>(), c, ldc, tile, bytes);
      if (WIDE == 0 || bytes == 32) gemmTile<T>(kc, alpha, a, b, list, keep, tile, bytes);
      else gemmTileWide<T>(kc, alpha, a, b, list, keep, tile, bytes);
      copyTile(rows, <usize>valid * sizeof<T>(), tile, bytes, c, ldc);
    }
    if (list) list += LIST_BYTES;
    a += panel;
    c += <usize>MR * ldc;
  }
}

export function copyTile(rows: i32, bytes: usize, src: usize, lds: usize, dst: usize, ldd: usize): void {
  for (; rows > 0; --rows) {
    for (let i: usize = 0; i < bytes; i += 4) store<u32>(dst + i, load<u32>(src + i));
    src += lds;
    dst += ldd;
  }
}
