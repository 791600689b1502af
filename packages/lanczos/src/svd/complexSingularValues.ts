import { bidiagonalValues } from './bidiagonalValues.js';

/** Room for matrices of up to m × n: values of many are taken one after the other without allocation. */
export interface ComplexSpace {
  /** (m, n) row-major real and imaginary parts; overwritten */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** (n,) receives the singular values, descending */
  readonly values: Float64Array;
  /** singular values of what stands in `re` and `im` */
  run(): void;
}

/**
 * Singular values of complex matrices (m, n), m ≥ n, alone: reflections from left and right leave a real bidiagonal matrix [golub1965], whose values implicit
 * QR finds. Errors of a few eps ‖A‖: nothing is squared.
 *
 * Expects entries of order one at most.
 * Cost: 8 (m n² − n³/3) real multiplications and as many additions, 2 m n numbers. Each row is read twice in a step: once for vᴴ A, once for both updates.
 */
export function complexSpace(m: number, n: number): ComplexSpace {
  const [re, im] = [new Float64Array(m * n), new Float64Array(m * n)];
  const [values, above] = [new Float64Array(n), new Float64Array(Math.max(1, n))];
  const left = reflector(m);
  const right = reflector(n);
  const [wr, wi] = [new Float64Array(n), new Float64Array(n)];
  const run = (): void => {
    for (let k = 0; k < n; k++) {
      for (let i = k; i < m; i++) {
        left.re[i] = re[i * n + k];
        left.im[i] = im[i * n + k];
      }
      values[k] = reflect(left, k, m);
      if (k === n - 1) break;
      const [tr, ti] = [left.tau[0], left.tau[1]];
      // w = conj(tau) vᴴ A, from column k + 1 on
      wr.fill(0, k + 1);
      wi.fill(0, k + 1);
      for (let i = k; i < m; i++) addConjugate(left.re[i], left.im[i], re, im, i * n, k + 1, n, wr, wi);
      for (let j = k + 1; j < n; j++) {
        const [x, y] = [wr[j], wi[j]];
        wr[j] = tr * x + ti * y;
        wi[j] = tr * y - ti * x;
      }
      // row k, conjugated: its reflector turns the row into one number
      for (let j = k + 1; j < n; j++) {
        right.re[j] = re[k * n + j] - wr[j];
        right.im[j] = -(im[k * n + j] - wi[j]);
      }
      above[k] = reflect(right, k + 1, n);
      for (let i = k + 1; i < m; i++) updateRow(left, right, wr, wi, re, im, i, k + 1, n);
    }
    bidiagonalValues(n, values, above);
  };
  return { re, im, values, run };
}

interface Reflector {
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** real and imaginary part */
  readonly tau: Float64Array;
}

function reflector(n: number): Reflector {
  return { re: new Float64Array(n), im: new Float64Array(n), tau: new Float64Array(2) };
}

/** x ← v with v_from = 1 and (I − tau v vᴴ)ᴴ x = β e₁, β real, which is returned [golub2013, §5.1.13]. */
function reflect({ re, im, tau }: Reflector, from: number, to: number): number {
  let squares = 0;
  for (let i = from + 1; i < to; i++) squares += re[i] * re[i] + im[i] * im[i];
  const [a, b] = [re[from], im[from]];
  re[from] = 1;
  im[from] = 0;
  if (squares === 0 && b === 0) {
    tau[0] = tau[1] = 0;
    return a;
  }
  const norm = Math.sqrt(a * a + b * b + squares);
  const beta = a > 0 ? -norm : norm;
  tau[0] = (beta - a) / beta;
  tau[1] = -b / beta;
  // 1/(x₁ − β)
  const [p, size] = [a - beta, (a - beta) * (a - beta) + b * b];
  const [inverseRe, inverseIm] = [p / size, -b / size];
  for (let i = from + 1; i < to; i++) {
    const [x, y] = [re[i], im[i]];
    re[i] = x * inverseRe - y * inverseIm;
    im[i] = x * inverseIm + y * inverseRe;
  }
  return beta;
}

/** w ← w + conj(v) row. Hot. */
function addConjugate(
  vr: number,
  vi: number,
  re: Float64Array,
  im: Float64Array,
  row: number,
  from: number,
  to: number,
  wr: Float64Array,
  wi: Float64Array,
): void {
  for (let j = from; j < to; j++) {
    const x = re[row + j];
    const y = im[row + j];
    wr[j] += vr * x + vi * y;
    wi[j] += vr * y - vi * x;
  }
}

/** Row i of A ← A − v w, then ← A − tau (A u) uᴴ. Hot. */
function updateRow(
  left: Reflector,
  right: Reflector,
  wr: Float64Array,
  wi: Float64Array,
  re: Float64Array,
  im: Float64Array,
  i: number,
  from: number,
  to: number,
): void {
  const vr = left.re[i];
  const vi = left.im[i];
  const ur = right.re;
  const ui = right.im;
  const row = i * to;
  let sr = 0;
  let si = 0;
  for (let j = from; j < to; j++) {
    const x = re[row + j] - (vr * wr[j] - vi * wi[j]);
    const y = im[row + j] - (vr * wi[j] + vi * wr[j]);
    re[row + j] = x;
    im[row + j] = y;
    sr += x * ur[j] - y * ui[j];
    si += x * ui[j] + y * ur[j];
  }
  const tr = right.tau[0];
  const ti = right.tau[1];
  const pr = tr * sr - ti * si;
  const pi = tr * si + ti * sr;
  for (let j = from; j < to; j++) {
    re[row + j] -= pr * ur[j] + pi * ui[j];
    im[row + j] -= pi * ur[j] - pr * ui[j];
  }
}
