import { floatArray, refuse, requireFloatArray, requireInteger } from '@hyperribbon/contract';
import type { FloatArray, LinearWorkspace } from '@hyperribbon/kernels/linear';
import { guardOperator, type GuardedOperator, type LinearOperator } from '@hyperribbon/linop';
import { normals } from '@hyperribbon/random';
import { exponentOf, maxAbs, powerOfTwo, scaleByPower, timesPower } from '../dense/powerOfTwo.js';
import { BasisRows } from './basisRows.js';
import type { FactorizationOptions } from './factorizationOptions.js';
import { addLift, type HeldCandidates } from './lift.js';

/** What changes as the process goes on, beside vectors and projected matrix; what a saved run is continued from. */
export interface KrylovState {
  size: number;
  candidates: number;
  /** A was multiplied by 2^−exponent; null until a product was not zero */
  exponent: number | null;
  norm: number;
  asymmetry: number;
  /** random vectors drawn so far: index of the next stream */
  draws: number;
  /** candidates that are set aside, see holdCandidates.ts */
  held: HeldCandidates | null;
}

interface Products {
  readonly guard: GuardedOperator;
  readonly sign: 1 | -1;
  readonly blockWidth: number;
}

/**
 * A Krylov factorization that can be driven by hand: A Qᵀ = Qᵀ H + Fᵀ B with Q (m, n) the basis, F (p, n) candidates for it
 * (all rows orthonormal), H (m, m) the projected matrix and B (p, m) the coupling.
 *
 * One candidate is the Lanczos process; b of them, block Lanczos; after {@link shrink}, thick restart; candidates may be added at any
 * time ({@link append}), which is how a lost direction is looked for. The scheme is band Lanczos [ruhe1979] with every vector
 * orthogonalised against all others, two passes: after one, max|QQᵀ − I| grew to 1e-9 on the golden cases.
 *
 * Numbers in H and B are those of sign · 2^−exponent · A, of order one whatever the scale of A.
 */
export class KrylovFactorization {
  readonly n: number;
  readonly capacity: number;
  readonly seed: number;
  /** unit roundoff spacing of the stored vectors: 2^-52 or 2^-23 */
  readonly eps: number;
  /** H and below it B: row i of basis or candidate, column j of basis; leading dimension `capacity` */
  readonly projected: Float64Array;
  readonly rows: BasisRows;
  readonly state: KrylovState = {
    size: 0,
    candidates: 0,
    exponent: null,
    norm: 0,
    asymmetry: 0,
    draws: 0,
    held: null,
  };
  #products: Products;
  /** rows given to {@link reset}: never multiplied, only kept orthogonal to */
  #locked = 0;

  constructor(op: LinearOperator, options: FactorizationOptions) {
    const { capacity, seed, sign = 1, caller = 'initialize' } = options;
    this.n = op.size;
    this.capacity = capacity;
    this.seed = seed;
    this.eps = op.dtype === 'float32' ? 2 ** -23 : 2 ** -52;
    const blockWidth = op.applyBlock === undefined ? 1 : (options.blockWidth ?? 1);
    this.#products = { guard: guardOperator(op, blockWidth, caller, options.signal), sign, blockWidth };
    this.projected = new Float64Array(capacity * capacity);
    this.rows = new BasisRows(op, options);
  }

  /** The operator, with its products counted. */
  get guard(): GuardedOperator {
    return this.#products.guard;
  }

  /** H is that of sign · A. */
  get sign(): 1 | -1 {
    return this.#products.sign;
  }

  /** Most vectors in one product. */
  get blockWidth(): number {
    return this.#products.blockWidth;
  }

  get workspace(): LinearWorkspace {
    return this.rows.workspace;
  }

  /** m, vectors in the basis. */
  get size(): number {
    return this.state.size;
  }

  /** p, candidates behind them. */
  get candidates(): number {
    return this.state.candidates;
  }

  /** Largest ‖A q‖ seen, a lower bound of ‖A‖ (scaled). */
  get norm(): number {
    return this.state.norm;
  }

  /** Largest norm seen of the differences qᵢᵀ A q − qᵀ A qᵢ of one product (scaled): what the operator lacks in symmetry and precision. */
  get asymmetry(): number {
    return this.state.asymmetry;
  }

  /** Row i of the basis (i < size) or of the candidates behind it: a view, valid as long as the factorization. */
  row(i: number): FloatArray {
    return this.rows.row(i);
  }

  /** Entry (i, j) of H (i < size) or B. */
  entry(i: number, j: number): number {
    return this.projected[i * this.capacity + j];
  }

  /** Diagonal of H: the Lanczos alphas, as long as nothing was shrunk and there is one candidate. */
  get alphas(): Float64Array {
    return Float64Array.from({ length: this.size }, (_, i) => this.unscale(this.entry(i, i)));
  }

  /** Subdiagonal of H, and last the norm of the residual: the Lanczos betas. */
  get betas(): Float64Array {
    const length = this.candidates > 0 ? this.size : Math.max(0, this.size - 1);
    return Float64Array.from({ length }, (_, i) => Math.abs(this.unscale(this.entry(i + 1, i))));
  }

  /** The basis as rows (n,), views of the factorization's memory. */
  get basis(): FloatArray[] {
    return Array.from({ length: this.size }, (_, i) => this.row(i));
  }

  /** The residual of the factorization, norm · row, of a process with one candidate; null when nothing is left. */
  get residual(): { readonly norm: number; readonly row: FloatArray } | null {
    const { size } = this;
    if (this.candidates === 0) return null;
    const squares = Array.from({ length: size }, (_, j) => this.entry(size, j) ** 2).reduce((s, x) => s + x, 0);
    return { norm: Math.abs(this.unscale(Math.sqrt(squares))), row: this.row(size) };
  }

  /** A number of A as one of the scaled matrix. */
  rescale(x: number): number {
    return timesPower(this.sign * x, -(this.state.exponent ?? 0));
  }

  /** A number of the scaled matrix as a number of A. */
  unscale(x: number): number {
    return timesPower(this.sign * x, this.state.exponent ?? 0);
  }

  /**
   * Adds x, orthonormalised, to the candidates.
   * @returns norm of x outside the rows already there; 0, and no candidate, when that is only rounding
   * @throws ArgumentError when memory is full or x has the wrong length
   */
  append(x: FloatArray): number {
    const k = this.size + this.candidates;
    requireFloatArray('append', 'x', x, this.n);
    if (k >= this.#free) refuse('append', `all ${this.capacity} rows are in use`);
    const row = this.row(k);
    row.set(x);
    const largest = this.rows.maxAbs(k);
    if (!Number.isFinite(largest)) refuse('append', `x must be finite, found ${largest}`);
    if (largest === 0) return 0;
    const e = exponentOf(largest);
    const factor = this.#isOrderOne(e) ? 1 : powerOfTwo(-Math.max(-1000, Math.min(1000, e)));
    if (factor !== 1) for (let i = 0; i < x.length; i++) row[i] = x[i] * factor;
    const before = this.rows.norm(k);
    this.rows.scale(k, 1 / before);
    const left = this.rows.orthogonalize(k, null);
    if (left <= 100 * this.eps) return 0;
    this.rows.scale(k, 1 / left);
    this.projected.fill(0, k * this.capacity, k * this.capacity + this.size);
    this.state.candidates++;
    return (left * before) / factor;
  }

  /** Starts again from `size` given orthonormal rows (0 by default), which later vectors are kept orthogonal to. */
  reset(rows: readonly FloatArray[] = []): void {
    const { state } = this;
    Object.assign(state, { size: 0, candidates: 0, held: null });
    this.projected.fill(0);
    for (const row of rows) {
      if (this.append(row) === 0) refuse('reset', `row ${state.size} lies in the span of those before it`);
      state.size++;
      state.candidates--;
    }
    this.#locked = state.size;
  }

  /** Starts again, empty, with products of another operator of the same size, such as a polynomial of the first. */
  replace(guard: GuardedOperator): void {
    this.reset();
    this.#products = { guard, sign: 1, blockWidth: 1 };
    Object.assign(this.state, { exponent: null, norm: 0, asymmetry: 0 });
  }

  /** Adds a random unit vector, uniform on the sphere orthogonal to all rows; false when the rows fill the space. */
  appendRandom(): boolean {
    if (this.size + this.candidates >= this.n) return false;
    const x = floatArray(this.guard.op.dtype, this.n);
    normals({ seed: this.seed, purpose: 'krylov', index: this.state.draws++ }, x);
    return this.append(x) > 0;
  }

  /**
   * Multiplies the first candidate by A and moves it into the basis; what is new in the product becomes the last candidate.
   * @returns norm of that remainder (scaled), 0 when nothing above rounding was left
   * Cost: one product and 4 (m + p) n flops; 8 (m + p) n behind locked rows and where the recurrence has no coefficients.
   */
  async expand(): Promise<number> {
    if (this.candidates === 0) refuse('expand', 'there is no candidate; append a vector first');
    this.#assertRoom(1);
    const pending = this.guard.multiply(this.row(this.size));
    return this.#absorb(pending instanceof Promise ? await pending : pending);
  }

  /**
   * {@link expand} for the first `columns` candidates, with one product of a block (`applyBlock`) in place of as many single ones.
   * @returns norms of the remainders
   */
  async expandBlock(columns: number): Promise<number[]> {
    const { n } = this;
    const most = Math.min(this.candidates, this.blockWidth);
    requireInteger('expandBlock', 'columns', columns, 1, most);
    this.#assertRoom(columns);
    const block = floatArray(this.guard.op.dtype, columns * n);
    for (let i = 0; i < columns; i++) block.set(this.row(this.size + i), i * n);
    const pending = this.guard.multiply(block, columns);
    const products = pending instanceof Promise ? await pending : pending;
    const left: number[] = [];
    for (let i = 0; i < columns; i++) left.push(this.#absorb(products.subarray(i * n, (i + 1) * n)));
    return left;
  }

  /** Rows of memory that no candidates set aside take. */
  get #free(): number {
    return this.capacity - (this.state.held?.count ?? 0);
  }

  #assertRoom(columns: number): void {
    if (this.size + this.candidates + columns > this.#free)
      refuse('expand', `all ${this.capacity} rows are in use; shrink first`);
  }

  /** What follows from the product of the first candidate. @param rescaled for it already */
  #absorb(product: FloatArray, rescaled = false): number {
    const { capacity, projected: h, rows, state } = this;
    const locked = this.#locked;
    const { size: m, held } = state;
    const k = m + state.candidates;
    const lift = held?.lift ?? null;
    // rows before this one have measured, not inherited, couplings: they belong to a factorization whose candidates are set aside
    const start = held?.size ?? locked;
    this.#receive(product, k);
    const c = new Float64Array(k);
    const known = start === locked || lift !== null;
    const length = known && lift === null ? null : rows.norm(k); // of A q, before what a lift adds
    // the rows of that factorization couple only through the rows set aside
    if (held !== null && lift !== null) {
      const along = addLift(rows, held, lift, m, k);
      h.fill(0, m * capacity, m * capacity + start);
      h.set(along, m * capacity);
    }
    const before = known ? rows.subtractKnown(m, k, h.subarray(m * capacity, m * capacity + m), c) : 0;
    if (!rescaled && !((length ?? before) < this.#largest)) {
      this.#rescaleTo(exponentOf(maxAbs(product)));
      return this.#absorb(product, true);
    }
    state.norm = Math.max(state.norm, length ?? before);
    const left = rows.orthogonalize(k, c, known);
    let defect = 0;
    for (let i = locked; i < m; i++) {
      if (i >= start || lift !== null) defect += (c[i] - h[m * capacity + i]) ** 2;
    }
    for (let i = 0; i < m; i++) {
      if (i < start) h[m * capacity + i] = c[i];
      h[i * capacity + m] = h[m * capacity + i];
    }
    state.asymmetry = Math.max(state.asymmetry, Math.sqrt(defect));
    h[m * capacity + m] = c[m];
    for (let i = m + 1; i < k; i++) h[i * capacity + m] = c[i];
    state.size = m + 1;
    state.candidates--;
    // relative, and <= so that a zero operator breaks down instead of dividing by zero
    if (left <= 32 * this.eps * state.norm) return 0;
    rows.scale(k, 1 / left);
    h.fill(0, k * capacity, k * capacity + m);
    h[k * capacity + m] = left;
    state.candidates++;
    return left;
  }

  /** Scaled numbers beyond it come near to where squares overflow, or rows of float32 themselves. */
  get #largest(): number {
    return this.guard.op.dtype === 'float32' ? 2 ** 90 : 2 ** 400;
  }

  /** Another power of two is taken out of A: the first products were those of vectors near its null space. */
  #rescaleTo(exponent: number): void {
    const { state, projected } = this;
    const change = (state.exponent ?? 0) - exponent;
    const { held } = state;
    for (const numbers of [projected, held?.coupling, held?.lift]) if (numbers) scaleByPower(numbers, change);
    state.norm = timesPower(state.norm, change);
    state.asymmetry = timesPower(state.asymmetry, change);
    state.exponent = exponent;
  }

  /** Whether squares of numbers around 2^e, and their sums, are far from overflow and underflow. */
  #isOrderOne(e: number): boolean {
    return Math.abs(e) <= (this.guard.op.dtype === 'float32' ? 30 : 300);
  }

  /** Puts sign · 2^−exponent · product into row k; the first product that is not zero sets the exponent. */
  #receive(product: FloatArray, k: number): void {
    const row = this.row(k);
    row.set(product);
    const { state, sign } = this;
    if (state.exponent === null) {
      const largest = this.rows.maxAbs(k);
      const e = exponentOf(largest);
      if (largest > 0) state.exponent = this.#isOrderOne(e) ? 0 : e;
    }
    const e = -(this.state.exponent ?? 0);
    if (e === 0) {
      if (sign === -1) this.rows.scale(k, -1);
      return;
    }
    const first = sign * powerOfTwo(Math.trunc(e / 2));
    const second = powerOfTwo(e - Math.trunc(e / 2));
    for (let i = 0; i < row.length; i++) row[i] = row[i] * first * second;
  }

  /**
   * Replaces basis rows `from`..size−1 by r combinations of them: Q ← Sᵀ Q, H ← Sᵀ H S, B ← B S; candidates move up.
   *
   * @param s (size − from, r) row-major, orthonormal columns
   * @throws ArgumentError for r above size − from, or fewer numbers than that
   * Cost: 2 (size − from) r n flops, no products.
   */
  shrink(s: Float64Array, r: number, from = 0): void {
    const { capacity, projected: h } = this;
    const w = this.size - from;
    if (!(r <= w && s.length >= w * r))
      refuse('shrink', `s must be (${w}, r) with r <= ${w}, got ${s.length} numbers, r=${r}`);
    this.rows.rotate(from, w, s.length === w * r ? s : s.subarray(0, w * r), r);
    const total = this.size + this.candidates;
    const line = new Float64Array(r);
    for (let i = 0; i < total; i++) {
      line.fill(0);
      for (let j = 0; j < w; j++) {
        const x = h[i * capacity + from + j];
        if (x !== 0) for (let q = 0; q < r; q++) line[q] += x * s[j * r + q];
      }
      h.set(line, i * capacity + from);
    }
    const columns = from + r;
    const rotated = new Float64Array(r * columns);
    for (let j = 0; j < w; j++) {
      for (let q = 0; q < r; q++) {
        const x = s[j * r + q];
        if (x !== 0) for (let i = 0; i < columns; i++) rotated[q * columns + i] += x * h[(from + j) * capacity + i];
      }
    }
    for (let q = 0; q < r; q++) h.set(rotated.subarray(q * columns, (q + 1) * columns), (from + q) * capacity);
    for (let i = 0; i < columns; i++) for (let j = 0; j < i; j++) h[j * capacity + i] = h[i * capacity + j];
    for (let i = 0; i < this.candidates; i++) {
      this.rows.copy(this.size + i, from + r + i);
      h.copyWithin((from + r + i) * capacity, (this.size + i) * capacity, (this.size + i) * capacity + columns);
    }
    this.state.size = from + r;
  }

  /** out (r, n) ← Sᵀ Q, S (rows, r), for basis rows from..: for example Ritz vectors. The basis stays; gram (r, r), if given, ← lower triangle of out outᵀ. */
  combine(s: Float64Array, r: number, out: FloatArray, from = 0, gram?: Float64Array): FloatArray {
    return this.rows.combine(s, r, out, from, gram);
  }

  /** Exchanges candidates i and j. */
  swapCandidates(i: number, j: number): void {
    if (i === j) return;
    const { capacity, projected: h, size } = this;
    this.rows.swap(size + i, size + j);
    const line = h.slice((size + i) * capacity, (size + i) * capacity + size);
    h.copyWithin((size + i) * capacity, (size + j) * capacity, (size + j) * capacity + size);
    h.set(line, (size + j) * capacity);
  }

  /** Forgets candidate i and with it A's coupling to it. */
  dropCandidate(i: number): void {
    this.swapCandidates(i, --this.state.candidates);
  }
}
