import type { FloatArray } from '@hyperribbon/kernels';
import { ContractError } from './errors.js';
import { floatArray } from './floatArray.js';
import { assertOperator, type LinearOperator } from './linearOperator.js';
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
  /** (n, n) row-major: products are compared with it */
  readonly dense?: ArrayLike<number>;
}

/** One property that was checked. */
export interface VerifyCheck {
  readonly name:
    | 'writes-all'
    | 'keeps-input'
    | 'keeps-nothing'
    | 'finite'
    | 'deterministic'
    | 'zero'
    | 'linear'
    | 'symmetric'
    | 'adjoint'
    | 'positive'
    | 'block'
    | 'dense';
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

const advice: Readonly<Record<VerifyCheck['name'], string>> = {
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
  block: 'applyBlock and apply disagree',
  dense: 'products differ from those of the dense matrix',
};

/**
 * Checks that an operator keeps the contract that algorithms rely on.
 *
 * Limits are 1e3 √n eps ‖A‖ ‖u‖ ‖v‖ with ‖A‖ the largest ‖Av‖/‖v‖ seen: an asymmetry of 1e-9 is found, rounding passes.
 * @returns every check with its defect; `errors` has a sentence for each that failed. It throws only what `apply` throws.
 * Cost: 4 probes + 6 products, 8 n numbers.
 * @example
 * const { passed, errors } = await verifyOperator(op);
 */
export async function verifyOperator(op: LinearOperator, options: VerifyOptions = {}): Promise<VerifyReport> {
  assertOperator(op, 'verifyOperator');
  const { probes = 3, seed = 0, symmetric = true, positive = false, adjoint, dense } = options;
  if (!Number.isInteger(probes) || probes < 3)
    throw new RangeError(`verifyOperator: probes must be an integer >= 3, got ${probes}`);
  const { size: n, dtype } = op;
  const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  const limit = 1e3 * Math.sqrt(Math.max(1, n)) * eps;
  let matvecs = 0;
  let norm = 0;
  const defects = new Map<VerifyCheck['name'], number>();
  const note = (name: VerifyCheck['name'], defect: number): void => {
    const known = defects.get(name) ?? 0;
    defects.set(name, Number.isNaN(defect) ? Infinity : Math.max(known, defect));
  };
  const product = async (a: LinearOperator, x: FloatArray): Promise<FloatArray> => {
    const input = x.slice();
    const out = floatArray(dtype, n).fill(NaN);
    matvecs++;
    const returned: unknown = await a.apply(input, out);
    if (returned !== undefined) {
      throw new ContractError(
        'verifyOperator: apply returned a value; it must write into out (fromMatvec accepts functions that return)',
      );
    }
    note('keeps-input', input.every((v, i) => Object.is(v, x[i])) ? 0 : Infinity);
    return out;
  };

  const x = Array.from({ length: probes + 1 }, (_, i) => probeVector(dtype, n, seed, i));
  // an out that is not NaN-filled tells entries left unwritten from entries computed as NaN
  const filled = floatArray(dtype, n).fill(1);
  matvecs++;
  await op.apply(x[0].slice(), filled);
  const ax: FloatArray[] = [];
  for (const v of x) ax.push(await product(op, v));
  const copies = ax.map((v) => v.slice());
  note('finite', filled.every(Number.isFinite) ? 0 : Infinity);
  note('writes-all', ax.every((v) => v.every((e) => e - e === 0)) || !filled.every(Number.isFinite) ? 0 : Infinity);
  for (let i = 0; i <= probes; i++) norm = Math.max(norm, length(ax[i]) / (length(x[i]) || 1));

  const again = await product(op, x[0]);
  note('deterministic', relative(distance(again, ax[0]), norm * length(x[0])));
  const zero = await product(op, floatArray(dtype, n));
  note('zero', length(zero) === 0 ? 0 : Infinity);
  note('keeps-nothing', copies.every((v, i) => v.every((e, j) => Object.is(e, ax[i][j]))) ? 0 : Infinity);
  for (let i = 0; i < probes; i++) {
    const [u, v] = [x[i], x[i + 1]];
    const scale = norm * length(u) * length(v);
    if (symmetric) note('symmetric', relative(Math.abs(dot(u, ax[i + 1]) - dot(v, ax[i])), scale));
    if (positive) note('positive', relative(Math.max(0, -dot(u, ax[i])), norm * length(u) ** 2));
    if (adjoint !== undefined)
      note('adjoint', relative(Math.abs(dot(u, ax[i + 1]) - dot(await product(adjoint, u), v)), scale));
    const sum = floatArray(dtype, n);
    for (let j = 0; j < n; j++) sum[j] = 0.5 * u[j] - 0.25 * v[j];
    const expected = ax[i].map((a, j) => 0.5 * a - 0.25 * ax[i + 1][j]);
    note('linear', relative(distance(await product(op, sum), expected), norm * (length(u) + length(v))));
    if (dense !== undefined)
      note('dense', relative(distance(ax[i], denseProduct(dense, n, u, dtype)), norm * length(u)));
  }
  if (op.applyBlock !== undefined) {
    const block = floatArray(dtype, 2 * n);
    block.set(x[0]);
    block.set(x[1], n);
    const out = floatArray(dtype, 2 * n).fill(NaN);
    matvecs += 2;
    await op.applyBlock(block, out, 2);
    note(
      'block',
      relative(
        distance(out.subarray(0, n), ax[0]) + distance(out.subarray(n), ax[1]),
        norm * (length(x[0]) + length(x[1])),
      ),
    );
  }
  const checks = Array.from(
    defects,
    ([name, defect]): VerifyCheck => ({ name, passed: defect <= limit, defect, limit }),
  );
  const failed = checks.filter((c) => !c.passed);
  return {
    passed: failed.length === 0,
    checks,
    errors: failed.map(
      (c) => new ContractError(`verifyOperator: ${advice[c.name]} (defect ${c.defect}, allowed ${c.limit})`),
    ),
    matvecs,
  };
}

function denseProduct(a: ArrayLike<number>, n: number, x: FloatArray, dtype: LinearOperator['dtype']): FloatArray {
  const y = floatArray(dtype, n);
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let j = 0; j < n; j++) s += a[i * n + j] * x[j];
    y[i] = s;
  }
  return y;
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
