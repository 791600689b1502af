import { floatArray, requireInteger, requireOptions } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { ContractError } from './errors.js';
import { assertOperator, type LinearOperator } from './linearOperator.js';
import { rowProducts } from './matrixArguments.js';
import { probeVector } from './probeVector.js';

export interface VerifyOptions {
  /** pairs of random vectors for symmetry, linearity, adjoint; at least 3, default 3 */
  readonly probes?: number;
  readonly seed?: number;
  /** false for an operator that is not meant to be symmetric; default true */
  readonly symmetric?: boolean;
  /** true: also demand xᵀAx ≥ 0 at the probes */
  readonly positive?: boolean;
  /** the operator of Aᵀ, to check ⟨u, A v⟩ = ⟨Aᵀ u, v⟩ */
  readonly adjoint?: LinearOperator;
  /** most vectors in one call of applyBlock that are tried, at least 2; default 8, which the solvers of lanczos use */
  readonly columns?: number;
  /** (n, n) row-major: products are compared with it */
  readonly dense?: ArrayLike<number>;
}

/** One property that was checked. */
export interface VerifyCheck {
  readonly name: keyof typeof advice;
  readonly passed: boolean;
  /** largest relative defect found, and what was allowed */
  readonly defect: number;
  readonly limit: number;
}

export interface VerifyReport {
  readonly passed: boolean;
  readonly checks: readonly VerifyCheck[];
  /** one for each failed check, its message a sentence to act on */
  readonly errors: readonly ContractError[];
  readonly matvecs: number;
}

const advice = {
  'writes-all': 'apply left entries of out unwritten: it must write all of them, and must not add to what out held',
  'keeps-input': 'apply changed its input x',
  'keeps-nothing': 'apply kept its output array and wrote to it in a later call',
  finite: 'a product contains NaN or an infinity although its input was finite',
  deterministic:
    'two products of the same vector differ: dropout, fresh mini-batches or unordered sums make an operator random',
  zero: 'the product of the zero vector is not zero: the map is affine, not linear',
  linear: 'A(ax + by) differs from aAx + bAy by far more than rounding',
  symmetric: 'uᵀAv and vᵀAu differ by far more than rounding: the operator is not symmetric',
  adjoint: '⟨u, Av⟩ and ⟨Aᵀu, v⟩ differ by far more than rounding: adjoint is not the transpose',
  positive: 'xᵀAx is negative beyond rounding: the operator is not positive semidefinite',
  block: 'applyBlock and apply disagree, for some number of columns',
  dense: 'products differ from those of the dense matrix',
};

/**
 * Checks that an operator keeps the contract that algorithms rely on.
 *
 * Limits are 1e3 √n eps ‖A‖ ‖u‖ ‖v‖ with ‖A‖ the largest ‖Av‖/‖v‖ seen: an asymmetry of 1e-9 is found, rounding passes.
 * @returns every check with its defect; `errors` has a sentence for each that failed. It throws only what `apply` throws, and ArgumentError.
 * Cost: 4 probes + 6 products, and columns + 5 for applyBlock; (8 + 2 columns) n numbers.
 * @example
 * const { passed, errors } = await verifyOperator(op);
 */
export async function verifyOperator(op: LinearOperator, options: VerifyOptions = {}): Promise<VerifyReport> {
  assertOperator(op, 'verifyOperator');
  requireOptions('verifyOperator', options);
  const { probes = 3, seed = 0, columns = 8 } = options;
  requireInteger('verifyOperator', 'probes', probes, 3);
  requireInteger('verifyOperator', 'columns', columns, 2);
  const { size: n, dtype } = op;
  const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  const limit = 1e3 * Math.sqrt(Math.max(1, n)) * eps;
  const run = new Run(op);
  const x = Array.from({ length: probes + 1 }, (_, i) => probeVector(dtype, n, seed, i));
  const ax = await checkUse(run, x);
  const norm = ax.reduce((m, v, i) => Math.max(m, length(v) / (length(x[i]) || 1)), 0);
  run.note('deterministic', relative(distance(await run.product(op, x[0]), ax[0]), norm * length(x[0])));
  for (let i = 0; i < probes; i++) await checkPair(run, options, [x[i], x[i + 1]], [ax[i], ax[i + 1]], norm);
  // the widest, the narrowest, and one that is no power of two
  if (op.applyBlock !== undefined)
    for (const width of new Set([columns, Math.min(3, columns), 2])) await checkBlock(run, op, width, x, ax, norm);
  const checks = Array.from(
    run.defects,
    ([name, defect]): VerifyCheck => ({ name, passed: defect <= limit, defect, limit }),
  );
  const failed = checks.filter((c) => !c.passed);
  return {
    passed: failed.length === 0,
    checks,
    errors: failed.map(
      (c) => new ContractError(`verifyOperator: ${advice[c.name]} (defect ${c.defect}, allowed ${c.limit})`),
    ),
    matvecs: run.matvecs,
  };
}

/** Products that are counted, and the largest defect found of each kind. */
class Run {
  readonly op: LinearOperator;
  readonly defects = new Map<VerifyCheck['name'], number>();
  matvecs = 0;

  constructor(op: LinearOperator) {
    this.op = op;
  }

  note(name: VerifyCheck['name'], defect: number): void {
    const known = this.defects.get(name) ?? 0;
    this.defects.set(name, Number.isNaN(defect) ? Infinity : Math.max(known, defect));
  }

  /** A x, into an array full of `before`. @throws ContractError for what no product could go on with */
  async product(a: LinearOperator, x: FloatArray, before = NaN): Promise<FloatArray> {
    const { size, dtype } = this.op;
    const input = x.slice();
    const out = floatArray(dtype, size).fill(before);
    this.matvecs++;
    const returned: unknown = await a.apply(input, out);
    if (returned !== undefined) {
      throw new ContractError(
        'verifyOperator: apply returned a value; it must write into out (fromMatvec accepts functions that return)',
      );
    }
    if (out.length !== size) throw new ContractError('verifyOperator: apply detached out; it may only write into it');
    this.note('keeps-input', x.every((v, i) => Object.is(v, input[i])) ? 0 : Infinity);
    return out;
  }
}

/** Whether apply uses its arguments as it should, on all probes; returns the products. */
async function checkUse(run: Run, x: readonly FloatArray[]): Promise<FloatArray[]> {
  const { op } = run;
  // an out that is not NaN-filled tells entries left unwritten from entries computed as NaN
  const filled = await run.product(op, x[0], 1);
  const ax: FloatArray[] = [];
  for (const v of x) ax.push(await run.product(op, v));
  const copies = ax.map((v) => v.slice());
  run.note('finite', filled.every(Number.isFinite) ? 0 : Infinity);
  run.note('writes-all', ax.every((v) => v.every((e) => e - e === 0)) || !filled.every(Number.isFinite) ? 0 : Infinity);
  run.note('zero', length(await run.product(op, floatArray(op.dtype, op.size))) === 0 ? 0 : Infinity);
  run.note('keeps-nothing', copies.every((v, i) => v.every((e, j) => Object.is(e, ax[i][j]))) ? 0 : Infinity);
  return ax;
}

/** What two vectors and their products tell of the matrix. */
async function checkPair(
  run: Run,
  { symmetric = true, positive = false, adjoint, dense }: VerifyOptions,
  [u, v]: readonly [FloatArray, FloatArray],
  [au, av]: readonly [FloatArray, FloatArray],
  norm: number,
): Promise<void> {
  const { size: n, dtype } = run.op;
  const scale = norm * length(u) * length(v);
  if (symmetric) run.note('symmetric', relative(Math.abs(dot(u, av) - dot(v, au)), scale));
  if (positive) run.note('positive', relative(Math.max(0, -dot(u, au)), norm * length(u) ** 2));
  if (adjoint !== undefined)
    run.note('adjoint', relative(Math.abs(dot(u, av) - dot(await run.product(adjoint, u), v)), scale));
  const sum = floatArray(dtype, n);
  for (let j = 0; j < n; j++) sum[j] = 0.5 * u[j] - 0.25 * v[j];
  const expected = au.map((a, j) => 0.5 * a - 0.25 * av[j]);
  run.note('linear', relative(distance(await run.product(run.op, sum), expected), norm * (length(u) + length(v))));
  if (dense === undefined) return;
  const product = floatArray(dtype, n);
  rowProducts(dense, u, product);
  run.note('dense', relative(distance(au, product), norm * length(u)));
}

/** A block of probes, each at another scale so that no two columns are the same, against their products one by one. */
async function checkBlock(
  run: Run,
  op: LinearOperator,
  columns: number,
  x: readonly FloatArray[],
  ax: readonly FloatArray[],
  norm: number,
): Promise<void> {
  const { size: n, dtype } = op;
  const block = floatArray(dtype, columns * n);
  const column = (of: readonly FloatArray[], j: number): FloatArray => of[j % of.length].map((v) => v / (1 + j));
  for (let j = 0; j < columns; j++) block.set(column(x, j), j * n);
  const out = floatArray(dtype, columns * n).fill(NaN);
  run.matvecs += columns;
  await op.applyBlock!(block, out, columns);
  if (out.length !== columns * n) return run.note('block', Infinity);
  for (let j = 0; j < columns; j++) {
    const defect = distance(column(ax, j), out.subarray(j * n, (j + 1) * n));
    run.note('block', relative(defect, norm * length(column(x, j))));
  }
}

function relative(defect: number, scale: number): number {
  return defect === 0 ? 0 : defect / scale;
}

function dot(x: FloatArray, y: FloatArray): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * y[i];
  return s;
}

function length(x: FloatArray): number {
  let m = 0;
  for (let i = 0; i < x.length; i++) m = Math.max(m, Math.abs(x[i]));
  if (m === 0 || m === Infinity || Number.isNaN(m)) return m;
  let s = 0;
  for (let i = 0; i < x.length; i++) s += (x[i] / m) ** 2;
  return m * Math.sqrt(s);
}

function distance(x: FloatArray, y: FloatArray): number {
  return length(Float64Array.from(x, (v, i) => v - y[i]));
}
