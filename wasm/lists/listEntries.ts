// The entries of A that are not zero, row of op(A) by row, for listedProduct: made once of a matrix that never changes.
// A list: the number of entries (int32) of each row of each block of the sum (lengths: blockLength of gemm), block by block; then, at a
// multiple of 8 bytes, the entries in the same order, steps ascending: where a panel of B has the step (uint32: the step within the
// block times the bytes of PANEL numbers), then the value. 8 bytes per entry in float32, 16 in float64. Reads A twice.
import { LONGEST, blockLength } from '../linear/gemm';

/** columns of B in a panel */
export const PANEL: i32 = 32;

export function listEntries32(trans: i32, m: i32, k: i32, a: usize, lda: i32, list: usize): void {
  listEntries<f32>(trans, m, k, a, lda << 2, list);
}

export function listEntries64(trans: i32, m: i32, k: i32, a: usize, lda: i32, list: usize): void {
  listEntries<f64>(trans, m, k, a, lda << 3, list);
}

/** Where the entries of a list begin. */
export function firstEntry(m: i32, k: i32, list: usize): usize {
  const blocks = (k + LONGEST - 1) / LONGEST;
  return (list + ((<usize>(m * blocks)) << 2) + 7) & ~7;
}

// lda in bytes
function listEntries<T>(trans: i32, m: i32, k: i32, a: usize, lda: usize, list: usize): void {
  const KC = blockLength(k);
  let to = firstEntry(m, k, list);
  for (let p = 0; p < k; p += KC) {
    const kc = min(KC, k - p);
    to = trans ? listColumns<T>(m, kc, a, lda, list, to) : listRows<T>(m, kc, a, lda, list, to);
    a += trans ? <usize>kc * lda : <usize>kc * sizeof<T>();
    list += (<usize>m) << 2;
  }
}

function listRows<T>(m: i32, k: i32, a: usize, lda: usize, counts: usize, to: usize): usize {
  for (; m > 0; --m) {
    const start = to;
    let from = a;
    for (let p = 0; p < k; ++p) {
      const value = load<T>(from);
      store<u32>(to, p * PANEL * sizeof<T>());
      store<T>(to, value, sizeof<T>());
      to += value != 0 ? 2 * sizeof<T>() : 0;
      from += sizeof<T>();
    }
    store<u32>(counts, <u32>(to - start) / (2 * sizeof<T>()));
    counts += 4;
    a += lda;
  }
  return to;
}

// Rows of op(A) are columns of A: counted first, so that A is read along its own rows. While entries go to their places, counts
// hold the next place of each row.
function listColumns<T>(m: i32, k: i32, a: usize, lda: usize, counts: usize, to: usize): usize {
  const end = counts + ((<usize>m) << 2);
  memory.fill(counts, 0, (<usize>m) << 2);
  for (let p = 0; p < k; ++p) {
    let from = a + <usize>p * lda;
    for (let at = counts; at < end; at += 4) {
      store<u32>(at, load<u32>(at) + u32(load<T>(from) != 0));
      from += sizeof<T>();
    }
  }
  const first = to;
  for (let at = counts; at < end; at += 4) {
    const count = load<u32>(at);
    store<u32>(at, <u32>to);
    to += count * 2 * sizeof<T>();
  }
  for (let p = 0; p < k; ++p) {
    let from = a + <usize>p * lda;
    for (let at = counts; at < end; at += 4) {
      const value = load<T>(from);
      if (value != 0) {
        const place = <usize>load<u32>(at);
        store<u32>(place, p * PANEL * sizeof<T>());
        store<T>(place, value, sizeof<T>());
        store<u32>(at, <u32>place + 2 * sizeof<T>());
      }
      from += sizeof<T>();
    }
  }
  // each row's next place is where the next row began
  let start = first;
  for (let at = counts; at < end; at += 4) {
    const next = <usize>load<u32>(at);
    store<u32>(at, <u32>(next - start) / (2 * sizeof<T>()));
    start = next;
  }
  return to;
}
