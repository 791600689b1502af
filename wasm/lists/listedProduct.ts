// C ← alpha op(A) op(B) + beta C + bias for an A that is mostly zero, given by its list (listEntries): one row of C and 32 of its columns at a
// time, 8 sums in registers. Same bits as gemm where B has numbers alone; where it has not, 0 · x counts: C is left as it is, and
// the answer is 0 in place of 1. (Fast flavour: gemm may have -0 where a fused step underflows, see gemmZeros.ts.)
// Any alignment; C overlaps no input. 2 n flops per entry; B is read twice, the list once per 32 columns.
// MNIST, 19 % of entries, (1024, 784) times (784, 256): 0.27 of a dense product, where dropping records of zeros takes 0.5.
import { multiplyAdd } from '../multiplyAdd';
import { B_BYTES, LONGEST, TILE_BYTES, A_BYTES, blockLength, copyTile } from '../linear/gemm';
import { emptyProduct, finishBlock, scaleBlock } from '../linear/gemmEpilogue';
import { allFinite } from '../linear/gemmZeros';
import { packColumns, packRows } from '../linear/gemmPack';
import { PANEL, firstEntry } from './listEntries';

export function listedProduct32(
  transB: i32,
  m: i32,
  n: i32,
  k: i32,
  alpha: f32,
  list: usize,
  b: usize,
  ldb: i32,
  beta: f32,
  c: usize,
  ldc: i32,
  bias: usize,
  scratch: usize,
): i32 {
  return listedProduct<f32>(transB, m, n, k, alpha, list, b, ldb << 2, beta, c, ldc << 2, bias, scratch);
}

export function listedProduct64(
  transB: i32,
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  list: usize,
  b: usize,
  ldb: i32,
  beta: f64,
  c: usize,
  ldc: i32,
  bias: usize,
  scratch: usize,
): i32 {
  return listedProduct<f64>(transB, m, n, k, alpha, list, b, ldb << 3, beta, c, ldc << 3, bias, scratch);
}

// From here on leading dimensions are in bytes.
function listedProduct<T>(
  transB: i32,
  m: i32,
  n: i32,
  k: i32,
  alpha: T,
  list: usize,
  b: usize,
  ldb: usize,
  beta: T,
  c: usize,
  ldc: usize,
  bias: usize,
  scratch: usize,
): i32 {
  if (!(transB ? rowsFinite<T>(n, k, b, ldb) : rowsFinite<T>(k, n, b, ldb))) return 0;
  const NC = <i32>(B_BYTES / sizeof<T>());
  const KC = blockLength(k);
  const packed = scratch + TILE_BYTES + A_BYTES * LONGEST;
  const first = firstEntry(m, k, list);
  if (k == 0) emptyProduct<T>(m, n, beta, c, ldc);
  else if (beta != 0 && beta != 1) scaleBlock<T>(m, n, beta, c, ldc);
  for (let j = 0; j < n; j += NC) {
    const nc = min(NC, n - j);
    let counts = list;
    let entries = first;
    for (let p = 0; p < k; p += KC) {
      const kc = min(KC, k - p);
      packPanels<T>(
        transB,
        nc,
        kc,
        transB ? b + <usize>j * ldb + <usize>p * sizeof<T>() : b + <usize>p * ldb + <usize>j * sizeof<T>(),
        ldb,
        packed,
      );
      const keep = i32(p > 0 || beta != 0);
      const to = c + <usize>j * sizeof<T>();
      entries = multiplyPanels<T>(m, nc, kc, alpha, counts, entries, packed, keep, to, ldc, scratch);
      counts += (<usize>m) << 2;
    }
  }
  if (bias) finishBlock<T>(m, n, bias, 0, c, ldc);
  return 1;
}

function rowsFinite<T>(m: i32, n: i32, x: usize, ld: usize): i32 {
  const bytes = <usize>n * sizeof<T>();
  const body = bytes & ~15;
  for (; m > 0; --m) {
    if (!allFinite<T>(x, x + body)) return 0;
    for (let i = body; i < bytes; i += sizeof<T>()) {
      const value = load<T>(x + i);
      if (value - value != 0) return 0;
    }
    x += ld;
  }
  return 1;
}

function packPanels<T>(trans: i32, n: i32, k: i32, b: usize, ldb: usize, packed: usize): void {
  for (; n > 0; n -= PANEL) {
    const valid = min(n, PANEL);
    if (trans) {
      packRows<T>(PANEL, valid, k, b, ldb, packed);
      b += <usize>PANEL * ldb;
    } else {
      if (valid < PANEL) packColumns<T>(PANEL, valid, k, b, ldb, packed);
      else copyRows<T>(k, b, ldb, packed);
      b += PANEL * sizeof<T>();
    }
    packed += <usize>(k * PANEL) * sizeof<T>();
  }
}

function copyRows<T>(k: i32, b: usize, ldb: usize, packed: usize): void {
  for (; k > 0; --k) {
    for (let i: usize = 0; i < <usize>PANEL * sizeof<T>(); i += 64) {
      v128.store(packed + i, v128.load(b + i));
      v128.store(packed + i, v128.load(b + i, 16), 16);
      v128.store(packed + i, v128.load(b + i, 32), 32);
      v128.store(packed + i, v128.load(b + i, 48), 48);
    }
    b += ldb;
    packed += PANEL * sizeof<T>();
  }
}

// One block of the sum; returns where the entries of the next block begin. Float64 takes a panel in two halves.
function multiplyPanels<T>(
  m: i32,
  n: i32,
  k: i32,
  alpha: T,
  counts: usize,
  entries: usize,
  packed: usize,
  keep: i32,
  c: usize,
  ldc: usize,
  tile: usize,
): usize {
  const half = <i32>(128 / sizeof<T>());
  let next = entries;
  for (; n > 0; n -= PANEL) {
    for (let from = 0; from < min(n, PANEL); from += half) {
      const valid = min(half, n - from);
      const offset = <usize>from * sizeof<T>();
      next = multiplyRows<T>(m, valid, alpha, counts, entries, packed + offset, keep, c + offset, ldc, tile);
    }
    packed += <usize>(k * PANEL) * sizeof<T>();
    c += PANEL * sizeof<T>();
  }
  return next;
}

// hot: 128 bytes of every row of C. Loads of C come before its stores, as in gemmTileWide.ts.
function multiplyRows<T>(
  m: i32,
  valid: i32,
  alpha: T,
  counts: usize,
  entry: usize,
  b: usize,
  keep: i32,
  c: usize,
  ldc: usize,
  tile: usize,
): usize {
  const bytes = <usize>valid * sizeof<T>();
  const scale = v128.splat<T>(alpha);
  for (; m > 0; --m) {
    let s0 = v128.splat<T>(0);
    let s1 = v128.splat<T>(0);
    let s2 = v128.splat<T>(0);
    let s3 = v128.splat<T>(0);
    let s4 = v128.splat<T>(0);
    let s5 = v128.splat<T>(0);
    let s6 = v128.splat<T>(0);
    let s7 = v128.splat<T>(0);
    for (let left = load<i32>(counts); left > 0; --left) {
      const row = b + <usize>load<u32>(entry);
      const x = v128.load_splat<T>(entry, sizeof<T>());
      s0 = multiplyAdd<T>(x, v128.load(row), s0);
      s1 = multiplyAdd<T>(x, v128.load(row, 16), s1);
      s2 = multiplyAdd<T>(x, v128.load(row, 32), s2);
      s3 = multiplyAdd<T>(x, v128.load(row, 48), s3);
      s4 = multiplyAdd<T>(x, v128.load(row, 64), s4);
      s5 = multiplyAdd<T>(x, v128.load(row, 80), s5);
      s6 = multiplyAdd<T>(x, v128.load(row, 96), s6);
      s7 = multiplyAdd<T>(x, v128.load(row, 112), s7);
      entry += 2 * sizeof<T>();
    }
    const whole = bytes == 128;
    const to = whole ? c : tile;
    if (keep) {
      if (!whole) copyTile(1, bytes, c, ldc, tile, 128);
      s0 = v128.add<T>(v128.load(to), v128.mul<T>(scale, s0));
      s1 = v128.add<T>(v128.load(to, 16), v128.mul<T>(scale, s1));
      s2 = v128.add<T>(v128.load(to, 32), v128.mul<T>(scale, s2));
      s3 = v128.add<T>(v128.load(to, 48), v128.mul<T>(scale, s3));
      s4 = v128.add<T>(v128.load(to, 64), v128.mul<T>(scale, s4));
      s5 = v128.add<T>(v128.load(to, 80), v128.mul<T>(scale, s5));
      s6 = v128.add<T>(v128.load(to, 96), v128.mul<T>(scale, s6));
      s7 = v128.add<T>(v128.load(to, 112), v128.mul<T>(scale, s7));
      v128.store(to, s0);
      v128.store(to, s1, 16);
      v128.store(to, s2, 32);
      v128.store(to, s3, 48);
      v128.store(to, s4, 64);
      v128.store(to, s5, 80);
      v128.store(to, s6, 96);
      v128.store(to, s7, 112);
    } else {
      s0 = v128.mul<T>(scale, s0);
      s1 = v128.mul<T>(scale, s1);
      s2 = v128.mul<T>(scale, s2);
      s3 = v128.mul<T>(scale, s3);
      s4 = v128.mul<T>(scale, s4);
      s5 = v128.mul<T>(scale, s5);
      s6 = v128.mul<T>(scale, s6);
      s7 = v128.mul<T>(scale, s7);
      v128.store(to, s0);
      v128.store(to, s1, 16);
      v128.store(to, s2, 32);
      v128.store(to, s3, 48);
      v128.store(to, s4, 64);
      v128.store(to, s5, 80);
      v128.store(to, s6, 96);
      v128.store(to, s7, 112);
    }
    if (!whole) copyTile(1, bytes, tile, 128, c, ldc);
    counts += 4;
    c += ldc;
  }
  return entry;
}
