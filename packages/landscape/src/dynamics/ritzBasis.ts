import { floatArray, type FloatArray } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import type { LinearOperator } from '@hyperribbon/linop';
import { axpy, dot } from './vectors.js';

/** Orthonormal vectors with their products: what Rayleigh and Ritz ask for. */
export interface RitzBasis {
  readonly count: number;
  /** products made */
  readonly matvecs: number;
  /** Adds what of these vectors is not in the basis, as a block of products. @returns how many were added */
  add(candidates: readonly FloatArray[]): Promise<number>;
  /** The `most` largest pairs of the operator on the basis, with their residual vectors. */
  pairs(most: number): readonly RitzPair[];
  /** The basis is from now on these pairs' vectors, whose products are known: no product is made. */
  restart(pairs: readonly RitzPair[]): void;
}

/** A Ritz pair by its coefficients on the basis. */
export interface RitzPair {
  readonly value: number;
  readonly residualNorm: number;
  readonly coefficients: Float64Array;
  /** (n,) */
  readonly vector: FloatArray;
  /** A v − θ v (n,), not normalised */
  readonly residual: FloatArray;
}

/** Of a symmetric operator; vectors are stored in its element type, sums are float64. */
export function ritzBasis(operator: LinearOperator): RitzBasis {
  const { size, dtype } = operator;
  let basis: FloatArray[] = [];
  let images: FloatArray[] = [];
  let gram: number[][] = [];
  let matvecs = 0;

  return {
    get count() {
      return basis.length;
    },
    get matvecs() {
      return matvecs;
    },
    async add(candidates) {
      const block: FloatArray[] = [];
      for (const candidate of candidates) {
        if (basis.length + block.length >= size) break;
        const v = unitPart(candidate, [...basis, ...block], dtype);
        if (v !== undefined) block.push(v);
      }
      const products = await multiply(operator, block);
      matvecs += block.length;
      block.forEach((v, i) => {
        basis.push(v);
        images.push(products[i]);
        // symmetric up to rounding of the products: the mean of both
        const row = basis.map((q, j) => 0.5 * (dot(q, products[i]) + dot(images[j], v)));
        gram.forEach((of, j) => of.push(row[j]));
        gram.push(row);
      });
      return block.length;
    },
    pairs(most) {
      const m = basis.length;
      if (m === 0 || gram.some((row) => row.some((x) => !Number.isFinite(x)))) return [];
      const { values, vectors } = eigh(Float64Array.from(gram.flat()), m, { vectors: true });
      return Array.from({ length: Math.min(most, m) }, (_, i) => {
        const coefficients = vectors.slice(i * m, (i + 1) * m);
        const vector = combine(basis, coefficients, dtype, size);
        const residual = combine(images, coefficients, dtype, size);
        axpy(-values[i], vector, residual);
        return { value: values[i], residualNorm: length(residual), coefficients, vector, residual };
      });
    },
    restart(pairs) {
      images = pairs.map(({ coefficients }) => combine(images, coefficients, dtype, size));
      basis = pairs.map(({ vector }) => vector);
      gram = pairs.map(({ value }, i) => pairs.map((_, j) => (i === j ? value : 0)));
    },
  };
}

/** The part of a vector that is orthogonal to orthonormal ones, with length 1; undefined where nothing is left. */
function unitPart(candidate: FloatArray, against: readonly FloatArray[], dtype: Dtype): FloatArray | undefined {
  // what is left of a vector after projection is noise below this share of it
  const floor = dtype === 'float32' ? 1e-4 : 1e-10;
  const v = floatArray(dtype, candidate);
  const before = length(v);
  if (!(before > 0 && before < Infinity)) return undefined;
  scale(v, 1 / before);
  // two passes: what one leaves behind is rounding times the cut
  for (let pass = 0; pass < 2; pass++) for (const q of against) axpy(-dot(q, v), q, v);
  const left = length(v);
  if (!(left > floor)) return undefined;
  scale(v, 1 / left);
  for (const q of against) axpy(-dot(q, v), q, v);
  scale(v, 1 / length(v));
  return v;
}

/** A X for the vectors of a block: in one call where the operator takes blocks. */
async function multiply(operator: LinearOperator, block: readonly FloatArray[]): Promise<FloatArray[]> {
  const { size, dtype } = operator;
  if (operator.applyBlock !== undefined && block.length > 1) {
    const x = floatArray(dtype, size * block.length);
    block.forEach((v, i) => x.set(v, i * size));
    const out = floatArray(dtype, size * block.length);
    await operator.applyBlock(x, out, block.length);
    return block.map((_, i) => out.slice(i * size, (i + 1) * size));
  }
  const products: FloatArray[] = [];
  for (const v of block) {
    const out = floatArray(dtype, size);
    await operator.apply(v, out);
    products.push(out);
  }
  return products;
}

/** Σ c_i x_i, summed in float64 and rounded once. */
function combine(
  vectors: readonly FloatArray[],
  coefficients: Float64Array,
  dtype: LinearOperator['dtype'],
  size: number,
): FloatArray {
  const sum = new Float64Array(size);
  vectors.forEach((x, i) => axpy(coefficients[i], x, sum));
  return dtype === 'float64' ? sum : floatArray(dtype, sum);
}

function length(x: FloatArray): number {
  return Math.sqrt(dot(x, x));
}

function scale(x: FloatArray, c: number): void {
  for (let i = 0; i < x.length; i++) x[i] = c * x[i];
}
