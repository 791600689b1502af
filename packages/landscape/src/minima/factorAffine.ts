import { refuse } from '@hyperribbon/contract';
import { svd } from '@hyperribbon/lanczos/svd';

/** W (inputs, outputs) and b (outputs,) of one dense layer. */
export interface DenseLayer {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

export interface FactorOptions {
  /** c > 0, smallest pre-activation of used units on the examples */
  readonly margin: number;
  /** biases of units that nothing passes through: c or −c */
  readonly unused: 'active' | 'dead';
  /** 'svd': the first layer takes right singular vectors; 'identity': it passes its inputs on as they are */
  readonly by: 'svd' | 'identity';
}

export interface Factored {
  readonly layers: readonly DenseLayer[];
  /** numbers that are passed from layer to layer */
  readonly rank: number;
}

/**
 * An affine map as several, with rectifiers between them that are active on some inputs: H W + b = (… relu(relu(H W₁ + b₁) W₂ + b₂) …) W_L + b_L.
 *
 * With W = V diag(σ) Uᵀ (V (inputs, r), U (outputs, r)) the first layer is V on r units with offsets o_j = max(0, −min_i (H V)_ij) + c, layers between
 * are the identity on these units, and the last is diag(σ) Uᵀ with bias b − o diag(σ) Uᵀ. The sign of each pair (u_j, v_j) is the one with the smaller
 * offset, and where both are equal the one in which the first entry of largest magnitude of v_j is positive: offsets, and with them the largest eigenvalue of
 * the Hessian, depend on it.
 *
 * @param weights (inputs, outputs) of the map
 * @param rows (n, inputs): H
 * @param widths of the layers between, each at least r
 * @param names of these layers, for the error
 * @throws ArgumentError for a layer with too few units
 * Source: construction of [goldblum2020, Lemma 1] with the singular value decomposition; signs are fixed here.
 */
export function factorAffine(
  caller: string,
  { weights, bias }: DenseLayer,
  rows: Float64Array,
  widths: readonly number[],
  names: readonly string[],
  options: FactorOptions,
): Factored {
  const outputs = bias.length;
  const inputs = weights.length / outputs;
  if (widths.length === 0) return { layers: [{ weights, bias }], rank: Math.min(inputs, outputs) };
  const { first, last, rank } =
    options.by === 'svd' ? bySvd(weights, rows, inputs, outputs) : byIdentity(weights, inputs);
  widths.forEach((width, l) => {
    if (width < rank)
      refuse(
        caller,
        `the layer of ${names[l]} must have ${rank} units or more, as many as the map it is part of has ` +
          `${options.by === 'svd' ? 'singular values that are not zero' : 'inputs'}, got ${width}: widen it`,
      );
  });
  const { margin } = options;
  const count = rows.length / inputs;
  const offsets = new Float64Array(rank);
  for (let j = 0; j < rank; j++) offsets[j] = Math.max(0, -leastAlong(rows, first, inputs, rank, j, count)) + margin;
  const idle = options.unused === 'active' ? margin : -margin;
  const between = widths.map((width, l) => {
    const before = l === 0 ? inputs : widths[l - 1];
    const layer = { weights: new Float64Array(before * width), bias: new Float64Array(width).fill(idle) };
    for (let j = 0; j < rank; j++) {
      layer.bias[j] = l === 0 ? offsets[j] : 0;
      if (l === 0) for (let f = 0; f < inputs; f++) layer.weights[f * width + j] = first[f * rank + j];
      else layer.weights[j * width + j] = 1;
    }
    return layer;
  });
  const head = { weights: new Float64Array(widths[widths.length - 1] * outputs), bias: bias.slice() };
  head.weights.set(last);
  for (let j = 0; j < rank; j++) for (let c = 0; c < outputs; c++) head.bias[c] -= offsets[j] * last[j * outputs + c];
  return { layers: [...between, head], rank };
}

interface Halves {
  /** (inputs, r) */
  readonly first: Float64Array;
  /** (r, outputs) */
  readonly last: Float64Array;
  readonly rank: number;
}

function byIdentity(weights: Float64Array, inputs: number): Halves {
  const first = new Float64Array(inputs * inputs);
  for (let f = 0; f < inputs; f++) first[f * inputs + f] = 1;
  return { first, last: weights, rank: inputs };
}

function bySvd(weights: Float64Array, rows: Float64Array, inputs: number, outputs: number): Halves {
  // weights = Σ σ_j u_j v_jᵀ with u_j over inputs here: rows of `u` are the right singular vectors of the map
  const { values, u, v } = svd(weights, inputs, outputs, { vectors: true });
  const floor = 8 * Math.max(inputs, outputs) * Number.EPSILON * (values[0] ?? 0);
  const rank = values.reduce((found, value) => found + (value > floor ? 1 : 0), 0);
  const first = new Float64Array(inputs * rank);
  const last = new Float64Array(rank * outputs);
  const count = rows.length / inputs;
  for (let j = 0; j < rank; j++) {
    for (let f = 0; f < inputs; f++) first[f * rank + j] = u[j * inputs + f];
    const plus = Math.max(0, -leastAlong(rows, first, inputs, rank, j, count));
    const minus = Math.max(0, mostAlong(rows, first, inputs, rank, j, count));
    const leading = firstLargest(u.subarray(j * inputs, (j + 1) * inputs));
    const sign = plus === minus ? (leading < 0 ? -1 : 1) : plus < minus ? 1 : -1;
    for (let f = 0; f < inputs; f++) first[f * rank + j] *= sign;
    for (let c = 0; c < outputs; c++) last[j * outputs + c] = sign * values[j] * v[j * outputs + c];
  }
  return { first, last, rank };
}

function firstLargest(vector: Float64Array): number {
  return vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
}

function leastAlong(
  rows: Float64Array,
  first: Float64Array,
  inputs: number,
  rank: number,
  j: number,
  count: number,
): number {
  let least = Infinity;
  for (let i = 0; i < count; i++) least = Math.min(least, along(rows, first, inputs, rank, j, i));
  return least;
}

function mostAlong(
  rows: Float64Array,
  first: Float64Array,
  inputs: number,
  rank: number,
  j: number,
  count: number,
): number {
  let most = -Infinity;
  for (let i = 0; i < count; i++) most = Math.max(most, along(rows, first, inputs, rank, j, i));
  return most;
}

function along(rows: Float64Array, first: Float64Array, inputs: number, rank: number, j: number, i: number): number {
  let sum = 0;
  for (let f = 0; f < inputs; f++) sum += rows[i * inputs + f] * first[f * rank + j];
  return sum;
}
