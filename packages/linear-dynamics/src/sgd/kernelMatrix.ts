import {
  refuse,
  requireCounts,
  requireFiniteEntries,
  requireInteger,
  requireNonNegative,
  requirePositive,
} from '@hyperribbon/contract';
import { atan, cos, exp, type FloatArray, product, sin } from '@hyperribbon/kernels';
import { dotRange } from '../sums.js';
import type { RegressionData } from '../trajectories/spectra/regressionSpectrum.js';

/** A positive semidefinite kernel of two inputs. */
export type Kernel =
  /** e^(−‖x − z‖²/(2 ℓ²)) */
  | { readonly kind: 'rbf'; readonly lengthScale: number }
  /** (γ x·z + c₀)^q, q an integer ≥ 1, γ > 0, c₀ ≥ 0 */
  | { readonly kind: 'polynomial'; readonly degree: number; readonly scale?: number; readonly offset?: number }
  /** (1/π) ‖x‖ⁿ ‖z‖ⁿ Jₙ(angle): infinitely many step (0), ReLU (1) or squared ReLU (2) units [cho2009] */
  | { readonly kind: 'arcCosine'; readonly order: 0 | 1 | 2 };

/** The inputs of a kernel matrix. */
export interface KernelMatrixOptions extends Pick<RegressionData, 'inputs' | 'count' | 'features'> {
  /** (others, features): rows of the result belong to these; default the inputs themselves, and the result is then exactly symmetric */
  readonly others?: FloatArray;
}

const PI = 3.141592653589793;
/** cosines above this are recomputed from the difference of the unit vectors */
const NEAR = 0.999;
/** squared distances below this part of the squared norms are recomputed from the difference: the norms cancel */
const CLOSE = 0.01;

/**
 * Matrix of kernel values, (others, count) row-major, or the Gram matrix (count, count).
 *
 * Inner products come from one matrix product. Angles of nearly parallel inputs, which a cosine cannot hold, from the difference of the unit
 * vectors, as are distances of inputs that are near each other and far from 0; angles of antiparallel ones have an absolute error of the order of √eps.
 * @throws ArgumentError for shapes and parameters that do not fit, inputs that are not finite, or so large or small that squares are no numbers
 * Cost: 2 m n d flops and m n kernel values. Sources: [cho2009] for arc-cosine kernels.
 * @example kernelMatrix({ kind: 'rbf', lengthScale: 1 }, { inputs: Float64Array.of(0, 1), count: 2, features: 1 }) // [1, 0.606..., 0.606..., 1]
 */
export function kernelMatrix(kernel: Kernel, { inputs, count, features, others }: KernelMatrixOptions): Float64Array {
  const caller = 'kernelMatrix';
  requireCounts(caller, { count, features });
  if (others !== undefined && (others.length === 0 || others.length % features !== 0)) {
    refuse(caller, `others must hold rows of ${features} numbers, got ${others.length} numbers`);
  }
  requireFiniteEntries(caller, 'inputs', inputs, [count, features]);
  if (others !== undefined) requireFiniteEntries(caller, 'others', others);
  const value = kernelFunction(caller, kernel);
  const rows = others === undefined ? count : others.length / features;
  const [x, z] = [Float64Array.from(inputs), Float64Array.from(others ?? inputs)];
  const products = product({ m: rows, n: count, k: features, a: z, b: x, transposeB: true }, { deterministic: true });
  const xx = squareNorms(caller, 'inputs', x, count, features);
  const zz = others === undefined ? xx : squareNorms(caller, 'others', z, rows, features);
  for (let i = 0; i < rows; i++) {
    const columns = others === undefined ? i + 1 : count;
    for (let j = 0; j < columns; j++) {
      const at = i * count + j;
      const same = others === undefined && i === j;
      const difference = (p: number, q: number): number => squareDistance(z, x, i, j, features, p, q);
      products[at] = value(products[at], zz[i], xx[j], same, difference);
      if (!(Math.abs(products[at]) < Infinity))
        refuse(caller, `inputs must be smaller, got a kernel value of ${products[at]} for ${i} and ${j}`);
      if (others === undefined) products[j * count + i] = products[at];
    }
  }
  return products;
}

/** k from x·z, ‖z‖², ‖x‖², whether they are the same input, and ‖p z − q x‖² on demand */
type KernelValue = (
  dot: number,
  zz: number,
  xx: number,
  same: boolean,
  difference: (p: number, q: number) => number,
) => number;

function kernelFunction(caller: string, kernel: Kernel): KernelValue {
  switch (kernel.kind) {
    case 'rbf': {
      requirePositive(caller, 'lengthScale', kernel.lengthScale);
      const factor = -0.5 / (kernel.lengthScale * kernel.lengthScale);
      return (dot, zz, xx, same, difference) => {
        if (same) return 1;
        const apart = zz + xx - 2 * dot;
        return exp(factor * (apart > CLOSE * (zz + xx) ? apart : difference(1, 1)));
      };
    }
    case 'polynomial': {
      const { degree, scale = 1, offset = 1 } = kernel;
      requireInteger(caller, 'degree', degree, 1, 64);
      requirePositive(caller, 'scale', scale);
      requireNonNegative(caller, 'offset', offset);
      return (dot) => integerPower(scale * dot + offset, degree);
    }
    case 'arcCosine': {
      const { order } = kernel;
      requireInteger(caller, 'order', order, 0, 2);
      return (dot, zz, xx, same, difference) => {
        const [zLength, xLength] = [Math.sqrt(zz), Math.sqrt(xx)];
        const both = Math.sqrt(zz * xx);
        // their product, of fourth powers, under- and overflows first
        const length = both > 1e-140 && both < 1e140 ? both : zLength * xLength;
        if (length === 0) return order === 0 ? 0.5 : 0;
        const cosine = Math.max(-1, Math.min(1, dot / length));
        const theta = same ? 0 : angle(cosine, cosine > NEAR ? 0.5 * difference(1 / zLength, 1 / xLength) : 1 - cosine);
        return (integerPower(length, order) * angular(order, theta)) / PI;
      };
    }
    default:
      refuse(caller, `kernel.kind must be 'rbf', 'polynomial' or 'arcCosine', got ${String((kernel as Kernel).kind)}`);
  }
}

/** θ in [0, π] from cos θ and 1 − cos θ: 2 atan √((1 − cos θ)/(1 + cos θ)) */
function angle(cosine: number, versine: number): number {
  return 2 * atan(Math.sqrt(versine / (1 + cosine)));
}

/** Jₙ(θ) of [cho2009] */
function angular(order: number, theta: number): number {
  if (order === 0) return PI - theta;
  const [s, c] = [sin(theta), cos(theta)];
  if (order === 1) return s + (PI - theta) * c;
  return 3 * s * c + (PI - theta) * (1 + 2 * c * c);
}

/** ‖p zᵢ − q xⱼ‖² */
function squareDistance(
  z: Float64Array,
  x: Float64Array,
  i: number,
  j: number,
  d: number,
  p: number,
  q: number,
): number {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const difference = z[i * d + k] * p - x[j * d + k] * q;
    sum += difference * difference;
  }
  return sum;
}

function integerPower(base: number, exponent: number): number {
  let power = 1;
  for (let k = 0; k < exponent; k++) power *= base;
  return power;
}

/** @throws ArgumentError where a square under- or overflows */
function squareNorms(caller: string, name: string, x: Float64Array, n: number, d: number): Float64Array {
  const norms = Float64Array.from({ length: n }, (_, i) => dotRange(x, i * d, x, i * d, d));
  norms.forEach((norm, i) => {
    const zero = norm === 0 && x.subarray(i * d, (i + 1) * d).every((value) => value === 0);
    if (!zero && !(norm > 1e-290 && norm < 1e290))
      refuse(caller, `${name} must be rescaled: the squared norm of row ${i} is ${norm}`);
  });
  return norms;
}
