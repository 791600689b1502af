import { log, type FloatArray } from '@hyperribbon/kernels';
import type { KlEnclosure } from '../../verification/recomputeGaussianKl.js';

const EPSILON = 2.220446049250313e-16;

/**
 * KL of Gaussians along k directions once more, exactly for whatever directions these are. With T = s_c (I + UᵀEU), E = diag(s_i/s_c − 1), the same for
 * the prior with E₀, and G = UUᵀ, Woodbury's identity gives T₀⁻¹T = (s_c/s₀_c)(I + UᵀCU) with
 *
 *     B = (I + E₀G)⁻¹E₀,   C = E − B − BGE
 *     tr = (s_c/s₀_c)² (p + 2 tr CG + tr CᵀGCG),   ln det = p ln(s_c/s₀_c) + ln det(I + EG) − ln det(I + E₀G)
 *     |T₀⁻¹d|² = (|d|² − 2 cᵀBc + (Bc)ᵀG(Bc))/s₀_c²,   c = Ud
 *
 * and KL = ½(tr − p − 2 ln det + |T₀⁻¹d|²). What issues certificates takes G for I and adds what that may cost.
 *
 * @param arrays as `posteriorArrays` names them
 * @returns an enclosure, as wide as rounding may have moved the sums
 * Cost: k² p products and some k³
 */
export function recomputeSubspaceKl(arrays: Readonly<Record<string, FloatArray>>): KlEnclosure {
  const [std, priorStd, U] = [arrays['posterior.std'], arrays['prior.std'], arrays['subspace.directions']];
  const [k, p] = [std.length - 1, arrays['posterior.mean'].length];
  const G = gramOf(U, k);
  const E = Float64Array.from({ length: k }, (_, i) => std[i] / std[k] - 1);
  const E0 = Float64Array.from({ length: k }, (_, i) => priorStd[i] / priorStd[k] - 1);
  const posterior = factorize(onePlus(E, G, k), k);
  const prior = factorize(onePlus(E0, G, k), k);
  const B = solve(prior, diagonal(E0, k), k);
  const BG = product(B, G, k);
  const C = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) C[i * k + j] = (i === j ? E[i] : 0) - B[i * k + j] - BG[i * k + j] * E[j];
  const CG = product(C, G, k);
  const GCG = product(G, CG, k);
  let [linear, square] = [0, 0];
  for (let i = 0; i < k; i++) {
    linear += CG[i * k + i];
    for (let j = 0; j < k; j++) square += C[i * k + j] * GCG[i * k + j];
  }
  const ratio = std[k] / priorStd[k];
  const trace = ratio * ratio * (2 * linear + square);
  const rest = p * ((ratio - 1) * (ratio + 1) - 2 * log(ratio));
  const logs = 2 * (posterior.logDeterminant - prior.logDeterminant);
  const { squared, size } = displacement(arrays, { B, G, k, p });
  const kl = (rest + trace - logs + squared) / 2;
  const sizes = Math.abs(rest) + p * EPSILON + ratio * ratio * (2 * Math.abs(linear) + Math.abs(square) + k) + size;
  const slack =
    8 * (p + k * k) * EPSILON * (sizes + Math.abs(posterior.logDeterminant) + Math.abs(prior.logDeterminant));
  return Number.isFinite(kl + slack)
    ? { lower: Math.max(0, kl - slack), upper: kl + slack }
    : { lower: 0, upper: Infinity };
}

/** |T₀⁻¹d|², and the size of what was summed. */
function displacement(
  arrays: Readonly<Record<string, FloatArray>>,
  { B, G, k, p }: { readonly B: Float64Array; readonly G: Float64Array; readonly k: number; readonly p: number },
): { readonly squared: number; readonly size: number } {
  const [mean, start, U] = [arrays['posterior.mean'], arrays['prior.mean'], arrays['subspace.directions']];
  const scale = arrays['prior.std'][k];
  let whole = 0;
  for (let j = 0; j < p; j++) whole += ((mean[j] - start[j]) / scale) ** 2;
  const c = new Float64Array(k);
  for (let i = 0; i < k; i++) for (let j = 0; j < p; j++) c[i] += U[i * p + j] * ((mean[j] - start[j]) / scale);
  let [cross, inside] = [0, 0];
  const Bc = c.map((_, i) => c.reduce((sum, x, j) => sum + B[i * k + j] * x, 0));
  for (let i = 0; i < k; i++) {
    cross += c[i] * Bc[i];
    for (let j = 0; j < k; j++) inside += Bc[i] * G[i * k + j] * Bc[j];
  }
  return { squared: whole - 2 * cross + inside, size: whole + 2 * Math.abs(cross) + Math.abs(inside) };
}

/** UUᵀ (k, k) of directions as rows. */
export function gramOf(U: FloatArray, k: number): Float64Array {
  const p = k === 0 ? 0 : U.length / k;
  const G = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = 0; l < p; l++) sum += U[i * p + l] * U[j * p + l]; // hot
      G[i * k + j] = sum;
      G[j * k + i] = sum;
    }
  return G;
}

/** |G − I|, Frobenius. */
export function defectOf(G: Float64Array, k: number): number {
  let sum = 0;
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) sum += (G[i * k + j] - (i === j ? 1 : 0)) ** 2;
  return Math.sqrt(sum);
}

/** I + diag(e) G */
function onePlus(e: Float64Array, G: Float64Array, k: number): Float64Array {
  return G.map((g, at) => e[Math.floor(at / k)] * g + (at % (k + 1) === 0 ? 1 : 0));
}

function diagonal(e: Float64Array, k: number): Float64Array {
  const D = new Float64Array(k * k);
  for (let i = 0; i < k; i++) D[i * k + i] = e[i];
  return D;
}

function product(A: Float64Array, B: Float64Array, k: number): Float64Array {
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let l = 0; l < k; l++) for (let j = 0; j < k; j++) out[i * k + j] += A[i * k + l] * B[l * k + j];
  return out;
}

interface Factors {
  /** L below the diagonal, U on and above it, rows in the order of `rows` */
  readonly LU: Float64Array;
  readonly rows: Int32Array;
  /** ln of the determinant, which is positive here */
  readonly logDeterminant: number;
}

/** Gaussian elimination with rows exchanged for the largest pivot. */
function factorize(A: Float64Array, k: number): Factors {
  const LU = A.slice();
  const rows = Int32Array.from({ length: k }, (_, i) => i);
  let logDeterminant = 0;
  for (let c = 0; c < k; c++) {
    let best = c;
    for (let i = c + 1; i < k; i++) if (Math.abs(LU[i * k + c]) > Math.abs(LU[best * k + c])) best = i;
    if (best !== c) {
      const row = LU.slice(c * k, (c + 1) * k);
      LU.copyWithin(c * k, best * k, (best + 1) * k);
      LU.set(row, best * k);
      [rows[c], rows[best]] = [rows[best], rows[c]];
    }
    logDeterminant += log(Math.abs(LU[c * k + c]));
    for (let i = c + 1; i < k; i++) {
      const factor = (LU[i * k + c] /= LU[c * k + c]);
      for (let j = c + 1; j < k; j++) LU[i * k + j] -= factor * LU[c * k + j];
    }
  }
  return { LU, rows, logDeterminant };
}

/** A⁻¹ R */
function solve({ LU, rows }: Factors, R: Float64Array, k: number): Float64Array {
  const X = new Float64Array(k * k);
  for (let i = 0; i < k; i++) X.set(R.subarray(rows[i] * k, (rows[i] + 1) * k), i * k);
  for (let i = 0; i < k; i++)
    for (let l = 0; l < i; l++) for (let j = 0; j < k; j++) X[i * k + j] -= LU[i * k + l] * X[l * k + j];
  for (let i = k - 1; i >= 0; i--) {
    for (let l = i + 1; l < k; l++) for (let j = 0; j < k; j++) X[i * k + j] -= LU[i * k + l] * X[l * k + j];
    for (let j = 0; j < k; j++) X[i * k + j] /= LU[i * k + i];
  }
  return X;
}
