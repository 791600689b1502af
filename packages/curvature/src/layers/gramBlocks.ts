import { type Dtype, type FloatArray, type LinearWorkspace, productIn } from '@hyperribbon/kernels/linear';
import type { AffineMap } from '@hyperribbon/autodiff/walk';
import type { GramCounts, GramTerm } from './gramTerms.js';

/** Examples [i, iEnd) against examples [j, jEnd), i ≤ j. */
export interface BlockPair {
  readonly i: number;
  readonly iEnd: number;
  readonly j: number;
  readonly jEnd: number;
}

/** What a term kept in the memory of a workspace. */
export interface KeptTerm {
  readonly term: GramTerm;
  /** one for each of `stored` */
  readonly pointers: readonly number[];
  /** of the term's map */
  readonly map: AffineMap | undefined;
}

/** Where blocks are computed. */
export interface GramMemory {
  readonly space: LinearWorkspace;
  readonly dtype: Dtype;
  readonly counts: GramCounts;
  /** place for scratchSize numbers */
  readonly scratch: number;
}

/** Numbers of scratch memory that a term's blocks of `block` examples need. */
export function scratchSize(
  { term, map }: Pick<KeptTerm, 'term' | 'map'>,
  { rows, numbers }: GramCounts,
  block: number,
): number {
  const result = (block * rows) ** 2;
  if (term.kind === 'columns' || term.kind === 'others') return result;
  const places = block * map!.positions;
  if (term.kind === 'dense') return result + block ** 2;
  return map!.positions * places + numbers * places * (term.to - term.from) + numbers ** 2;
}

/**
 * K ← K + the term's products of the rows of two blocks of examples; only the upper triangle of K is to be read.
 *
 * @param K (n · rows, n · rows) row-major
 */
export function addBlock(kept: KeptTerm, memory: GramMemory, pair: BlockPair, K: Float64Array): void {
  if (kept.term.kind === 'dense') addDense(kept, memory, pair, K);
  else if (kept.term.kind === 'patches') addPatches(kept, memory, pair, K);
  else addColumns(kept, memory, pair, K);
}

function bytesOf(dtype: Dtype): number {
  return dtype === 'float64' ? 8 : 4;
}

function viewOf({ space, dtype }: GramMemory, pointer: number, length: number): FloatArray {
  return dtype === 'float64' ? space.float64View(pointer, length) : space.float32View(pointer, length);
}

/** ⟨row, row'⟩ of what is kept of examples, `rows` rows each. */
function rowProducts(
  { space, dtype, counts }: GramMemory,
  { i, iEnd, j, jEnd }: BlockPair,
  { pointer, stored, rows }: { readonly pointer: number; readonly stored: number; readonly rows: number },
  { c, beta }: { readonly c: number; readonly beta: number },
): void {
  const step = bytesOf(dtype) * stored;
  void counts;
  productIn(space[dtype], {
    m: (iEnd - i) * rows,
    n: (jEnd - j) * rows,
    k: stored / rows,
    a: pointer + i * step,
    b: pointer + j * step,
    transposeB: true,
    beta,
    c,
  });
}

function addColumns({ term, pointers }: KeptTerm, memory: GramMemory, pair: BlockPair, K: Float64Array): void {
  const { counts, scratch } = memory;
  const { rows } = counts;
  rowProducts(memory, pair, { pointer: pointers[0], stored: term.stored[0], rows }, { c: scratch, beta: 0 });
  const [height, width] = [(pair.iEnd - pair.i) * rows, (pair.jEnd - pair.j) * rows];
  const found = viewOf(memory, scratch, height * width);
  const side = counts.examples * rows;
  for (let r = 0; r < height; r++) {
    const at = (pair.i * rows + r) * side + pair.j * rows;
    for (let s = 0; s < width; s++) K[at + s] += found[r * width + s];
  }
}

function addDense({ term, pointers }: KeptTerm, memory: GramMemory, pair: BlockPair, K: Float64Array): void {
  const { counts, scratch, dtype } = memory;
  const { rows } = counts;
  const [height, width] = [(pair.iEnd - pair.i) * rows, (pair.jEnd - pair.j) * rows];
  const examples = pair.jEnd - pair.j;
  const likeness = scratch + bytesOf(dtype) * height * width;
  rowProducts(memory, pair, { pointer: pointers[1], stored: term.stored[1], rows }, { c: scratch, beta: 0 });
  const alike = viewOf(memory, likeness, (pair.iEnd - pair.i) * examples);
  alike.fill(hasBias(term) ? 1 : 0);
  rowProducts(memory, pair, { pointer: pointers[0], stored: term.stored[0], rows: 1 }, { c: likeness, beta: 1 });
  const found = viewOf(memory, scratch, height * width);
  const side = counts.examples * rows;
  for (let r = 0; r < height; r++) {
    const at = (pair.i * rows + r) * side + pair.j * rows;
    const first = Math.floor(r / rows) * examples;
    for (let e = 0; e < examples; e++) {
      const factor = alike[first + e];
      for (let s = e * rows; s < (e + 1) * rows; s++) K[at + s] += factor * found[r * width + s];
    }
  }
}

/**
 * Of one example i and a block of examples j: Z = x_i x_jᵀ + 1 (P, block · P), then Zᵀ δ_i for each number, then its product with δ_j.
 */
function addPatches({ term, pointers, map }: KeptTerm, memory: GramMemory, pair: BlockPair, K: Float64Array): void {
  const { space, dtype, counts, scratch } = memory;
  const { numbers: k } = counts;
  const { positions: P, inputs } = map!;
  const [bytes, kernels] = [bytesOf(dtype), space[dtype]];
  const width = term.to - term.from;
  const examples = pair.jEnd - pair.j;
  const places = examples * P;
  const carried = scratch + bytes * P * places;
  const result = carried + bytes * k * places * width;
  const [x, delta] = pointers;
  const ofExample = bytes * k * P * width;
  const alike = viewOf(memory, scratch, P * places);
  const found = viewOf(memory, result, k * k);
  for (let i = pair.i; i < pair.iEnd; i++) {
    alike.fill(hasBias(term) ? 1 : 0);
    const [xi, xj] = [x + bytes * i * P * inputs, x + bytes * pair.j * P * inputs];
    productIn(kernels, { m: P, n: places, k: inputs, a: xi, b: xj, transposeB: true, beta: 1, c: scratch });
    for (let c = 0; c < k; c++) {
      const b = delta + i * ofExample + bytes * c * P * width;
      const out = carried + bytes * c * places * width;
      productIn(kernels, { m: places, n: width, k: P, a: scratch, transposeA: true, b, c: out });
    }
    for (let j = Math.max(i, pair.j); j < pair.jEnd; j++) {
      const a = carried + bytes * (j - pair.j) * P * width;
      const b = delta + j * ofExample;
      productIn(kernels, { m: k, n: k, k: P * width, a, lda: places * width, b, transposeB: true, c: result });
      addSquare(found, counts, K, i, j);
    }
  }
}

/** K_ij ← K_ij + the (k, k) products of two examples, or their trace. */
function addSquare(
  found: FloatArray,
  { examples, numbers: k, rows }: GramCounts,
  K: Float64Array,
  i: number,
  j: number,
): void {
  const side = examples * rows;
  for (let c = 0; c < k; c++) {
    const [r, at] = rows === 1 ? [0, c] : [c, 0];
    const to = (i * rows + r) * side + j * rows;
    if (rows === 1) K[to] += found[c * k + at];
    else for (let d = 0; d < k; d++) K[to + d] += found[c * k + d];
  }
}

function hasBias(term: GramTerm): boolean {
  return term.kind !== 'others' && term.bias;
}
