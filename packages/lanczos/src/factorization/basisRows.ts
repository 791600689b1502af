import {
  createLinearWorkspace,
  type FloatArray,
  type KernelOptions,
  type LinearKernels,
  type LinearWorkspace,
} from '@hyperribbon/kernels/linear';
import type { LinearOperator } from '@hyperribbon/linop';
import { kernelOptions } from '../dense/eigen.js';

export interface BasisRowsOptions extends KernelOptions {
  /** rows of memory */
  readonly capacity: number;
  /** rows are pairs (x, B x) of a metric B in halves, and inner products are those of B: of the one's x with the other's B x */
  readonly paired?: boolean;
}

/** Long rows (capacity, n) in the memory of a workspace, and what is done with them: orthogonalise one against others, rotate a group. */
export class BasisRows {
  readonly workspace: LinearWorkspace;
  private readonly n: number;
  private readonly capacity: number;
  private readonly dtype: LinearOperator['dtype'];
  private readonly table: LinearKernels;
  private readonly ld: number;
  /** numbers that inner products go over, and bytes from those of the one row to those of the other */
  private readonly inner: number;
  private readonly shift: number;
  private readonly start: number;
  private readonly coefficients: number;
  private readonly scratch: number;
  private readonly rotation: number;

  constructor(op: LinearOperator, options: BasisRowsOptions) {
    const { capacity } = options;
    this.n = op.size;
    this.capacity = capacity;
    this.dtype = op.dtype;
    this.ld = 4 * Math.ceil(op.size / 4);
    this.inner = options.paired === true ? op.size / 2 : op.size;
    this.shift = (op.size - this.inner) * this.bytesEach;
    this.workspace = createLinearWorkspace({
      bytes: factorizationBytes(op, capacity),
      ...kernelOptions(options),
    });
    this.table = this.workspace[op.dtype];
    this.start = this.workspace.allocate(capacity * this.ld * this.bytesEach);
    this.coefficients = this.workspace.allocate(8 * capacity);
    this.rotation = this.workspace.allocate(8 * capacity * capacity);
    this.scratch = this.workspace.allocate(capacity * BLOCK * this.bytesEach);
  }

  private get bytesEach(): number {
    return this.dtype === 'float32' ? 4 : 8;
  }

  private pointer(row: number): number {
    return this.start + row * this.ld * this.bytesEach;
  }

  /** Row i: a view, valid as long as the rows. */
  row(i: number): FloatArray {
    const { workspace, n } = this;
    return this.dtype === 'float32'
      ? workspace.float32View(this.pointer(i), n)
      : workspace.float64View(this.pointer(i), n);
  }

  norm(i: number): number {
    return this.shift === 0 ? this.table.norm2(this.n, this.pointer(i)) : Math.sqrt(Math.max(0, this.dot(i, i)));
  }

  maxAbs(i: number): number {
    return this.table.maxAbs(this.n, this.pointer(i));
  }

  dot(i: number, j: number): number {
    return this.table.dot(this.inner, this.pointer(i), this.pointer(j) + this.shift);
  }

  scale(i: number, factor: number): void {
    this.table.scale(this.n, factor, this.pointer(i));
  }

  swap(i: number, j: number): void {
    const [a, b] = [this.row(i), this.row(j)];
    const kept = a.slice();
    a.set(b);
    b.set(kept);
  }

  copy(from: number, to: number): void {
    this.table.copy(this.ld, this.pointer(from), this.pointer(to));
  }

  /** Row k ← row k + Σ w_q row_{first + q}. */
  addCombination(w: Float64Array, first: number, k: number): void {
    const { workspace, table, n, ld, coefficients } = this;
    workspace.float64View(coefficients, w.length).set(w.map((x) => -x));
    table.subtractProjection(w.length, 1, n, this.pointer(first), ld, this.pointer(k), ld, coefficients);
  }

  /**
   * The first of two passes where the recurrence knows the coefficients of rows 0..m−1; those of rows m..k−1 are new.
   * It reads two rows where a pass over the basis reads all: time outside the operator fell to 0.56 of that at m = 50.
   * @returns norm before
   */
  subtractKnown(m: number, k: number, inherited: Float64Array, c: Float64Array): number {
    const { table, n, ld, coefficients } = this;
    const target = this.pointer(k);
    const view = this.workspace.float64View(coefficients, k + 1);
    view.set(inherited.subarray(0, m));
    // mostly two rows, in float64 throughout: these are the entries of H
    for (let i = m; i <= k; i++) view[i] = this.dot(i, k);
    c.set(view.subarray(0, k));
    table.subtractProjection(k, 1, n, this.start, ld, target, ld, coefficients);
    return Math.sqrt(view[k]);
  }

  /**
   * Takes rows 0..k−1 out of row k, twice and until the norm stays; adds the coefficients to c; returns the norm left.
   *
   * Every pass measures all coefficients. Those up to half an eps of what is left are rounding of the stored numbers and stay: half of the
   * second pass's rows on the Hessian of a network, which then need not be read again.
   * @param known a first pass was made already, by {@link subtractKnown}
   */
  orthogonalize(k: number, c: Float64Array | null, known = false): number {
    const { table, n, ld, coefficients, capacity } = this;
    const target = this.pointer(k);
    if (k === 0) return this.norm(0);
    // row k itself, for its norm, and up to a multiple of 4, which costs less than rows one by one
    const rows = Math.min(capacity, 4 * Math.ceil((k + 1) / 4));
    const view = this.workspace.float64View(coefficients, rows);
    for (let pass = known ? 2 : 1; ; pass++) {
      table.projectionCoefficients(rows, 1, this.inner, this.start, ld, target + this.shift, ld, coefficients);
      const squares = view[k];
      let removed = 0;
      for (let i = 0; i < k; i++) removed += view[i] * view[i];
      const negligible = (this.dtype === 'float32' ? 2 ** -48 : 2 ** -106) * Math.max(0, squares - removed);
      for (let i = 0; i < k; i++) if (view[i] * view[i] <= negligible) view[i] = 0;
      table.subtractProjection(k, 1, n, this.start, ld, target, ld, coefficients);
      if (c !== null) for (let i = 0; i < k; i++) c[i] += view[i];
      // Pythagoras, where it loses no digits
      const after = removed < 2 ** -20 * squares ? Math.sqrt(squares - removed) : this.norm(k);
      if (after === 0 || (pass >= 2 && after * after > 0.49 * squares) || pass === 5) return after;
    }
  }

  /** Rows from..from+r−1 ← Sᵀ times rows from..from+w−1, S (w, r). Cost: 2 w r n flops. */
  rotate(from: number, w: number, s: Float64Array, r: number): void {
    const { table, ld, bytesEach } = this;
    this.workspace.float64View(this.rotation, w * r).set(s);
    for (let start = 0; start < ld; start += BLOCK) {
      const width = Math.min(BLOCK, ld - start);
      const source = this.pointer(from) + start * bytesEach;
      table.rotateBasis(w, r, width, this.rotation, source, ld, this.scratch, BLOCK);
      for (let i = 0; i < r; i++) table.copy(width, this.scratch + i * BLOCK * bytesEach, source + i * ld * bytesEach);
    }
  }

  /** out (r, n) ← Sᵀ Q for rows from.. of the basis and S (rows, r); gram (r, r), if given, ← lower triangle of out outᵀ. */
  combine(s: Float64Array, r: number, out: FloatArray, from: number, gram?: Float64Array): FloatArray {
    const { table, ld, bytesEach, n, workspace, scratch } = this;
    const rows = r === 0 ? 0 : s.length / r;
    const isFloat32 = bytesEach === 4;
    workspace.float64View(this.rotation, rows * r).set(s);
    const products = workspace.float64View(this.coefficients, r);
    gram?.fill(0);
    for (let start = 0; start < n; start += BLOCK) {
      const width = Math.min(BLOCK, n - start);
      table.rotateBasis(rows, r, width, this.rotation, this.pointer(from) + start * bytesEach, ld, scratch, BLOCK);
      for (let i = 0; i < r; i++) {
        const p = scratch + i * BLOCK * bytesEach;
        out.set(isFloat32 ? workspace.float32View(p, width) : workspace.float64View(p, width), i * n + start);
      }
      if (gram === undefined) continue;
      // while they are in cache
      for (let j = 0; j < r; j++) {
        const p = scratch + j * BLOCK * bytesEach;
        table.projectionCoefficients(r - j, 1, width, p, BLOCK, p, BLOCK, this.coefficients);
        for (let i = j; i < r; i++) gram[i * r + j] += products[i - j];
      }
    }
    return out;
  }
}

/** numbers of a row rotated at a time: 40 rows of 512 float64 are 160 kB, about an L2 cache */
const BLOCK = 512;

/** Bytes of WebAssembly memory that a factorization of this capacity reserves. */
export function factorizationBytes(op: LinearOperator, capacity: number): number {
  const each = op.dtype === 'float32' ? 4 : 8;
  const row = 4 * Math.ceil(op.size / 4) * each;
  return capacity * row + 8 * capacity * (capacity + 1) + capacity * BLOCK * each + 4 * 64 + 256;
}
